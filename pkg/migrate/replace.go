package migrate

// replacement writes what takes the place of the password at this very place.
func (d *document) replacement(v verdict) Replacement {
	if v.sight.oauth || v.connector {
		return Replacement{Kind: "none"}
	}
	return Replacement{Kind: v.rule.Kind, Steps: append([]string(nil), v.rule.Steps...)}
}
