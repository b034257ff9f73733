package tokenstore

import "context"

// Check reports whether Read would succeed, and changes nothing: a damaged file stays where it is. Its
// errors are those of Read.
func (s *Store) Check(ctx context.Context) error {
	_, err := s.read(ctx)
	return err
}
