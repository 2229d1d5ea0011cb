package main

import "github.com/gin-gonic/gin"

// The api-gateway.
func main() {
	router := gin.New()
	routes(router)
	run(router)
}
