package main

import "github.com/gin-gonic/gin"

func routes(router *gin.Engine) {
	router.POST("/messages", sendMessage)
	router.POST("/groups", makeGroup)
	router.POST("/calls", beginCall)
	router.POST("/files", askForUpload)
	router.GET("/presence", whoIsThere)
	router.POST("/push/tokens", registerDevice)
}
