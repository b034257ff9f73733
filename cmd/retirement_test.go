package cmd_test

import (
	"strings"
	"testing"

	"github.com/o365mail/o365mail/pkg/explain"
	"github.com/o365mail/o365mail/pkg/migrate"
)

// TestRetirementIsToldOnce holds the dates of migrate-check against those of explain.
func TestRetirementIsToldOnce(t *testing.T) {
	entry, ok := explain.New().Entry("basic-auth-retirement")
	if !ok {
		t.Fatal("no entry basic-auth-retirement")
	}
	retired, ok := explain.New().Entry("basic-auth-retired")
	if !ok {
		t.Fatal("no entry basic-auth-retired")
	}
	for _, claim := range migrate.Retirement() {
		told := strings.Contains(entry.Cause, claim.What)
		if reply, found := strings.CutPrefix(claim.What, "The reply will be 550 5.7.30 "); found {
			told = strings.Contains(retired.Sample, "5.7.30") && strings.Contains(retired.Sample, strings.TrimSuffix(reply, "."))
		}
		if !told || claim.Checked != entry.Checked || claim.Source == "" {
			t.Errorf("explain does not say %q of %s", claim.What, claim.Checked)
		}
	}
}
