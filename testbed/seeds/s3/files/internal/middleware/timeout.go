package middleware

import "time"

// NewTimeoutMiddleware ends requests that take longer than the limit.
func NewTimeoutMiddleware(limit *time.Duration) *Timeout {
	return &Timeout{limit: limit}
}
