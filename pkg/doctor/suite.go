package doctor

import (
	"fmt"
	"slices"
	"time"

	"github.com/o365mail/o365mail/pkg/profile"
)

// A Suite is an ordered list of checks in which nothing needs what comes after it.
type Suite struct {
	checks  []Check
	profile string
	now     func() time.Time
	finish  func()        // after a run
	timeout time.Duration // of a run; 0 is none
}

// NewSuite rejects duplicate IDs and needs that do not appear earlier.
func NewSuite(checks ...Check) (*Suite, error) {
	seen := make(map[string]bool, len(checks))
	for _, c := range checks {
		if c.ID == "" || seen[c.ID] {
			return nil, fmt.Errorf("doctor: check %q is named twice", c.ID)
		}
		for _, need := range c.Needs {
			if !seen[need] {
				return nil, fmt.Errorf("doctor: check %s needs %s, which is not above it", c.ID, need)
			}
		}
		seen[c.ID] = true
	}
	return &Suite{checks: slices.Clone(checks), now: time.Now, finish: func() {}}, nil
}

// Checks lists the checks in their order.
func (s *Suite) Checks() []Check { return slices.Clone(s.checks) }

// UnknownCheckError names a check that a selection asks for and that does not exist.
type UnknownCheckError struct {
	ID      string
	Nearest string // the ID most like it, empty when none is
}

// Error names both.
func (e *UnknownCheckError) Error() string {
	if e.Nearest == "" {
		return fmt.Sprintf("unknown check %q", e.ID)
	}
	return fmt.Sprintf("unknown check %q; did you mean %q?", e.ID, e.Nearest)
}

// Select gives the suite of the checks in only, or all of them when it is empty, with what they need,
// without those in skip. What needs a check that is skipped runs as if that one had passed. Its error
// is an *UnknownCheckError.
func (s *Suite) Select(only, skip []string) (*Suite, error) {
	for _, id := range slices.Concat(only, skip) {
		if !slices.ContainsFunc(s.checks, func(c Check) bool { return c.ID == id }) {
			return nil, &UnknownCheckError{id, s.nearest(id)}
		}
	}
	wanted := s.withNeeds(only)
	chosen := *s
	chosen.checks = nil
	for _, c := range s.checks {
		if wanted[c.ID] && !slices.Contains(skip, c.ID) {
			chosen.checks = append(chosen.checks, c)
		}
	}
	return &chosen, nil
}

// withNeeds goes backwards: what a check needs stands above it.
func (s *Suite) withNeeds(only []string) map[string]bool {
	wanted := map[string]bool{}
	for _, c := range slices.Backward(s.checks) {
		if len(only) == 0 || wanted[c.ID] || slices.Contains(only, c.ID) {
			wanted[c.ID] = true
			for _, need := range c.Needs {
				wanted[need] = true
			}
		}
	}
	return wanted
}

func (s *Suite) nearest(id string) string {
	ids := make([]string, len(s.checks))
	for i, c := range s.checks {
		ids[i] = c.ID
	}
	return profile.Nearest(id, ids)
}
