package ws

// NewHub makes the hub of one conversation.
func NewHub() *Hub {
	return &Hub{broadcast: make(chan []byte, 1000)}
}
