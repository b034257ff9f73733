package doctor

// A Result is a finding with its place in the run.
type Result struct {
	ID        string `json:"id"`
	Title     string `json:"title"`
	BlockedBy string `json:"blocked_by,omitempty"` // the failed check at the root of it
	Millis    int64  `json:"ms"`
	Finding
}
