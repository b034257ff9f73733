package doctor

import (
	"slices"
	"strings"
	"testing"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// elements lists the elements of a page in their order, with the names of their attributes.
func elements(t *testing.T, page string) []string {
	t.Helper()
	var all []string
	for _, n := range nodes(t, page) {
		if n.Type == html.ElementNode {
			var names []string
			for _, a := range n.Attr {
				names = append(names, a.Key)
			}
			all = append(all, n.Data+" "+strings.Join(names, " "))
		}
	}
	return all
}

func nodes(t *testing.T, page string) []*html.Node {
	t.Helper()
	root, err := html.Parse(strings.NewReader(page))
	if err != nil {
		t.Fatal(err)
	}
	return slices.Collect(root.Descendants())
}

// TestHTMLStructure compares with harmless text: hostile text adds no element and no attribute.
func TestHTMLStructure(t *testing.T) {
	want := elements(t, inForm(t, "html", hostileReport("plain")))
	for _, text := range hostile {
		if got := elements(t, inForm(t, "html", hostileReport(text))); !slices.Equal(got, want) {
			t.Errorf("%.30q changes the elements:\n%v\nwant\n%v", text, got, want)
		}
	}
}

// TestHTMLNeedsNothing looks for whatever makes a browser run or fetch something.
func TestHTMLNeedsNothing(t *testing.T) {
	for _, n := range nodes(t, inForm(t, "html", sampleReport())) {
		if slices.Contains([]atom.Atom{atom.Script, atom.Link, atom.Img, atom.Iframe, atom.Object, atom.Embed, atom.Form, atom.Base}, n.DataAtom) {
			t.Errorf("element %s", n.Data)
		}
		for _, a := range n.Attr {
			if a.Key == "src" || a.Key == "href" || a.Key == "style" || strings.HasPrefix(a.Key, "on") {
				t.Errorf("attribute %s of %s", a.Key, n.Data)
			}
		}
	}
	for _, word := range []string{"url(", "@import", "@font-face"} {
		if strings.Contains(htmlStyle, word) {
			t.Errorf("the style has %s", word)
		}
	}
}

// TestHTMLAccessible holds the page to what WCAG 2.2 asks of such a page and a program can see:
// 3.1.1 language, 2.4.2 title, 1.3.1 headings in steps, captions and scopes of tables, 4.1.2 names.
func TestHTMLAccessible(t *testing.T) {
	ids := map[string]bool{}
	level, titles, firsts, captions, tables := 0, 0, 0, 0, 0
	all := nodes(t, inForm(t, "html", sampleReport()))
	for _, n := range all {
		switch n.DataAtom {
		case atom.Html:
			if attribute(n, "lang") != "en" {
				t.Error("no language")
			}
		case atom.Title:
			titles++
		case atom.H1, atom.H2, atom.H3, atom.H4:
			now := int(n.Data[1] - '0')
			if now > level+1 {
				t.Errorf("a heading h%d follows one of level %d", now, level)
			}
			if level = now; now == 1 {
				firsts++
			}
		case atom.Table:
			tables++
		case atom.Caption:
			captions++
		case atom.Th:
			if scope := attribute(n, "scope"); scope != "col" && scope != "row" {
				t.Errorf("a header cell of scope %q", scope)
			}
		default: // has no rule of its own
		}
		if id := attribute(n, "id"); id != "" {
			if ids[id] {
				t.Errorf("two elements %s", id)
			}
			ids[id] = true
		}
	}
	for _, n := range all {
		if label := attribute(n, "aria-labelledby"); label != "" && !ids[label] {
			t.Errorf("%s is named by %s, which is not there", n.Data, label)
		}
	}
	if titles != 1 || firsts != 1 || tables == 0 || captions != tables {
		t.Errorf("%d titles, %d first headings, %d tables, %d captions", titles, firsts, tables, captions)
	}
}

func attribute(n *html.Node, key string) string {
	for _, a := range n.Attr {
		if a.Key == key {
			return a.Val
		}
	}
	return ""
}

// FuzzHTML parses the page and finds the text as it was, in no new element.
func FuzzHTML(f *testing.F) {
	for _, text := range hostile {
		f.Add(text)
	}
	want := -1
	f.Fuzz(func(t *testing.T, text string) {
		r := Report{Results: []Result{{ID: "a.b", Title: text, Finding: Finding{Status: Status(text), Facts: []Fact{{text, text}}}}}}
		var b strings.Builder
		if err := WriteHTML(&b, r, DocumentOptions{NoRedact: true}); err != nil {
			t.Fatal(err)
		}
		if want < 0 {
			want = len(elements(t, strings.ReplaceAll(b.String(), esc(text), "")))
		}
		if got := len(elements(t, b.String())); got != want {
			t.Errorf("%q makes %d elements, want %d", text, got, want)
		}
		shown := oneLine(text)
		if shown != "" && !slices.ContainsFunc(nodes(t, b.String()), func(n *html.Node) bool { return n.Type == html.TextNode && n.Data == shown }) {
			t.Errorf("%q is not a text of the page", shown)
		}
	})
}
