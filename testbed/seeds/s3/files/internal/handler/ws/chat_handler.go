package ws

// Message is what one client sends to the others.
type Message struct {
	Text string `json:"text"`
}
