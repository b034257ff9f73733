package explain

// scan finds the refusals that stand in a text.
func (b *Base) scan(text string) []Finding {
	if m, ok := b.Match(text); ok {
		return []Finding{{Entry: m.Entry, Outer: m.Outer, Code: m.Entry.Code(), Words: m.Text}}
	}
	return nil
}
