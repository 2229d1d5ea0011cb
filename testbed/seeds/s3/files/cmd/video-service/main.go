package main

import "github.com/gin-gonic/gin"

// The video-service.
func main() {
	router := gin.New()
	routes(router)
	run(router)
}
