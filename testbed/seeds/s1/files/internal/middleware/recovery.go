package middleware

import "github.com/gin-gonic/gin"

// Health answers that the process runs.
func Health(c *gin.Context) {
	c.JSON(200, gin.H{"status": "healthy"})
}
