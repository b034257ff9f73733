package doctor

import (
	"fmt"
	"slices"
)

// A Suite is an ordered list of checks in which nothing needs what comes after it.
type Suite struct {
	checks []Check
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
	return &Suite{slices.Clone(checks)}, nil
}

// Checks lists the checks in their order.
func (s *Suite) Checks() []Check { return slices.Clone(s.checks) }
