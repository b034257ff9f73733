package message

import (
	"strings"

	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/extension"
	"github.com/yuin/goldmark/renderer"
	"github.com/yuin/goldmark/renderer/html"
)

// renderMarkdown makes the HTML of a Markdown text (CommonMark with GitHub's tables, links,
// task lists and strikethrough). Without rawHTML, HTML in the source is left out, and so
// are links with javascript: and its like.
func renderMarkdown(source string, rawHTML bool) (string, error) {
	var options []renderer.Option
	if rawHTML {
		options = append(options, html.WithUnsafe())
	}
	md := goldmark.New(goldmark.WithExtensions(extension.GFM), goldmark.WithRendererOptions(options...))
	var b strings.Builder
	b.WriteString("<!DOCTYPE html>\n<html>\n<head><meta charset=\"utf-8\"></head>\n<body>\n")
	if err := md.Convert([]byte(source), &b); err != nil {
		return "", &Error{Field: "markdown", Reason: err.Error()}
	}
	b.WriteString("</body>\n</html>\n")
	return b.String(), nil
}
