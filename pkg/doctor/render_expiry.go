package doctor

import "time"

// expiry is when something ends that a check looked at.
type expiry struct {
	what string // token, credential, certificate
	at   time.Time
	days float64 // from the run until then, below zero when it is over
}

// expiries reads from the facts what expires when.
func (r Report) expiries() []expiry {
	var all []expiry
	for _, known := range []struct{ what, fact string }{
		{"token", FactTokenExpires}, {"credential", FactCredentialExpires}, {"certificate", FactCertificateExpires},
	} {
		if at, ok := r.time(known.fact); ok {
			all = append(all, expiry{known.what, at, at.Sub(r.Time).Hours() / 24})
		}
	}
	return all
}

// time finds the first fact of a name that is a time.
func (r Report) time(name string) (time.Time, bool) {
	for _, one := range r.Results {
		for _, f := range one.Facts {
			if at, err := time.Parse(time.RFC3339, f.Value); f.Name == name && err == nil {
				return at, true
			}
		}
	}
	return time.Time{}, false
}
