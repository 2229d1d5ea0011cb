package main

import "github.com/gin-gonic/gin"

// The auth-service.
func main() {
	router := gin.New()
	routes(router)
	run(router)
}
