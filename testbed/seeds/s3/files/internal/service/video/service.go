package video

// Join adds a participant; media goes from peer to peer.
func (s *Service) Join(call, user string) error {
	// TODO: forward the tracks through an SFU
	return s.calls.Add(call, user)
}
