package chat

import "github.com/gin-gonic/gin"

// Send stores a message and tells everybody who listens.
func (h *Handler) Send(c *gin.Context) {
	message, err := h.service.Store(c, body(c))
	if err != nil {
		c.JSON(500, gin.H{"error": "the message was not stored"})
		return
	}
	c.JSON(201, message)
}
