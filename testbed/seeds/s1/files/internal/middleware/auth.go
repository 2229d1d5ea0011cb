package middleware

import "github.com/gin-gonic/gin"

// Authenticated asks Redis whether the session of a request goes on.
func (m *Auth) Authenticated(c *gin.Context) {
	session, err := m.redis.Get(c, "session:"+token(c)).Result()
	if err != nil {
		c.AbortWithStatus(401)
		return
	}
	c.Set("session", session)
}
