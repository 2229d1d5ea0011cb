package storage

import "context"

// UploadFile stores an object, unless the circuit breaker is open.
func (c *Client) UploadFile(ctx context.Context, name string, data []byte) error {
	return c.breaker.Do(func() error { return c.put(ctx, name, data) })
}
