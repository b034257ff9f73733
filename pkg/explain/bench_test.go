package explain

import "testing"

// What a refused call pays for its explanation.
func BenchmarkFirstMatch(b *testing.B) {
	for b.Loop() {
		if _, ok := New().Match("535 5.7.3 Authentication unsuccessful [SN2PR00CA0018.namprd00.prod.outlook.com]"); !ok {
			b.Fatal("no match")
		}
	}
}

func BenchmarkFirstTokenMatch(b *testing.B) {
	for b.Loop() {
		if _, ok := New().MatchToken(TokenError{Codes: []string{"7000215"}}); !ok {
			b.Fatal("no match")
		}
	}
}
