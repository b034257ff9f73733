package sandbox

import "time"

// The faults that change what a grant is worth. They always hold.
const (
	faultSingleUse   = "entra.single-use"
	faultNoRotation  = "entra.no-rotation"
	faultFewerScopes = "entra.fewer-scopes"
	faultAnonymous   = "entra.no-id-token"
)

func grantFaults() []Fault {
	return []Fault{
		{faultSingleUse, stageToken, "", "A refresh token works once: whoever comes second with it gets invalid_grant, AADSTS70000"},
		{faultNoRotation, stageToken, "", "A refresh brings no new refresh token; the old one stays good"},
		{faultFewerScopes, stageToken, "", "Of several permissions that a person consents to, the last is not granted"},
		{faultAnonymous, stageToken, "", "The response holds no id_token and no client_info, so that nobody knows who signed in"},
	}
}

const (
	faultClockAhead  = "clock.skew"
	faultClockBehind = "clock.skew-minus"
)

func clockFaults() []Fault {
	return []Fault{
		{faultClockAhead, stageToken, "", "The clock of the service runs two hours ahead of this machine's"},
		{faultClockBehind, stageToken, "", "The clock of the service runs two hours behind this machine's"},
	}
}

// skew is how far the faults of the clock set the service's.
const skew = 2 * time.Hour

// now is the time by the service's clock.
func (s *Sandbox) now() time.Time {
	now := s.config.Clock().UTC()
	if s.script.chosen(faultClockAhead) {
		now = now.Add(skew)
	}
	if s.script.chosen(faultClockBehind) {
		now = now.Add(-skew)
	}
	return now
}
