package migrate

// judgeConnector is for the MX host of a tenant: a relay without a password, which stays as it is.
func (d *document) judgeConnector(v *verdict) *verdict {
	if v.rule == nil || v.rule.Generic && !isMailKey(d.keyOf(v.mention)) || v.rule.ID == "generic-host-literal" || v.rule.ID == "generic-credentials" {
		return nil
	}
	v.connector, v.severity = true, Info
	v.why = "relays to the tenant's own host on port 25 without a password, which does not end"
	return v
}

var submissionPort = lazily(`\b587\b`)

// signsIn tells a connector that is misused: with the port and the password of submission.
func (d *document) signsIn(v *verdict) bool {
	near := d.near(v.mention.start, 6)
	return v.sight.credential != nil && submissionPort().Match(d.code[near.start:near.end])
}
