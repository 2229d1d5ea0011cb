package chat

// UpdatePresence says that somebody is there. While Redis is away it does nothing.
func (s *Service) UpdatePresence(user string) error {
	if s.redis.IsDegraded() {
		return nil
	}
	return s.redis.Set("presence:"+user, "online")
}
