package main

import (
	"strings"
	"testing"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
)

// tool is a small tree with everything that roff could trip over.
func tool() *cobra.Command {
	root := &cobra.Command{Use: "tool", Short: "Do `things` with .files", Run: func(*cobra.Command, []string) {}}
	root.PersistentFlags().BoolP("quiet", "q", false, "print errors only")
	sub := &cobra.Command{
		Use:   "sub [FILE...]",
		Short: "Read files",
		Long: `Reads files.
.hidden is one, 'quoted' another, C:\new a third.

  tool sub --all ~/x^y

- first
- second

Grüße.`,
		Example: "  tool sub .a\n  'tool' sub \\n",
		Run:     func(*cobra.Command, []string) {},
	}
	sub.Flags().StringP("output", "o", "out.txt", "write to `FILE`")
	sub.Flags().Bool("unseen", false, "not shown")
	_ = sub.Flags().MarkHidden("unseen")
	root.AddCommand(sub)
	return root
}

func TestPage(t *testing.T) {
	sub, _, err := tool().Find([]string{"sub"})
	if err != nil {
		t.Fatal(err)
	}
	got := string(page(sub))
	for _, want := range []string{
		".TH TOOL\\-SUB 1 ",
		"tool\\-sub \\- Read files\n",
		"\n\\&.hidden is one, 'quoted' another, C:\\enew a third.\n",
		"\ntool sub \\-\\-all \\(ti/x\\(hay\n",
		".IP \\(bu 2\nfirst\n.IP \\(bu 2\nsecond\n",
		"Gr\\[u00FC]\\[u00DF]e.\n",
		"\\fB\\-o\\fR, \\fB\\-\\-output\\fR \\fIFILE\\fR\nWrite to FILE (default out.txt).\n",
		".SH COMMON OPTIONS\n.TP\n\\fB\\-q\\fR, \\fB\\-\\-quiet\\fR\nPrint errors only.\n",
		"\ntool sub .a\n\\(aqtool\\(aq sub \\en\n",
		".SH SEE ALSO\n\\fBtool\\fR(1)\n",
	} {
		if !strings.Contains(got, want) {
			t.Errorf("page lacks %q", want)
		}
	}
	if strings.Contains(got, "unseen") {
		t.Error("a hidden flag shows")
	}
	if t.Failed() {
		t.Log(got)
	}
}

// Every line of every page of the real tree is either text or a request that we write.
func TestNoAccidentalRequest(t *testing.T) {
	walk(commands(), func(c *cobra.Command) { checkRequests(t, pageName(c), string(page(c))) })
}

func checkRequests(t *testing.T, name, text string) {
	t.Helper()
	known := map[string]bool{
		"TH": true, "SH": true, "TP": true, "PP": true, "IP": true, "RS": true, "RE": true, "EX": true, "EE": true, "br": true,
	}
	for line := range strings.Lines(text) {
		request, _, _ := strings.Cut(strings.TrimSpace(strings.TrimPrefix(line, ".")), " ")
		if strings.HasPrefix(line, "'") || strings.HasPrefix(line, ".") && !known[request] {
			t.Errorf("%s: unexpected request %q", name, line)
		}
	}
}

// The manual shows every flag, and every variable that a flag's help promises.
func TestPagesAreComplete(t *testing.T) {
	walk(commands(), func(c *cobra.Command) {
		text := string(page(c))
		c.Flags().VisitAll(func(f *pflag.Flag) {
			if !f.Hidden && !strings.Contains(text, bold("--"+f.Name)) {
				t.Errorf("%s: --%s is missing", pageName(c), f.Name)
			}
			for _, name := range variable.FindAllString(f.Usage, -1) {
				if !strings.Contains(text, bold(name)) {
					t.Errorf("%s: %s is missing", pageName(c), name)
				}
			}
		})
	})
}
