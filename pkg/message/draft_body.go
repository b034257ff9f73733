package message

// body is mixed > alternative > [text, related > [HTML, inline]], each level only where it
// has two members: the structure that Outlook and Gmail write themselves.
func (d *Draft) body() (entity, error) {
	content, err := d.alternative()
	if err != nil {
		return entity{}, err
	}
	parts := []entity{content}
	for _, a := range d.Attachments {
		parts = append(parts, attachmentEntity(a))
	}
	return joinParts("mixed", d.Rand, parts)
}

// alternative has the plain text first: the last one is what a reader prefers (RFC 2046 5.1.4).
func (d *Draft) alternative() (entity, error) {
	plain, rich := d.texts()
	text, err := newTextPart(plain.field, "plain", plain.text)
	if err != nil || rich.text == "" {
		return textEntity(text), err
	}
	related, err := d.related(rich)
	if err != nil {
		return entity{}, err
	}
	return joinParts("alternative", d.Rand, []entity{textEntity(text), related})
}

func (d *Draft) related(rich source) (entity, error) {
	html, err := newTextPart(rich.field, "html", rich.text)
	if err != nil {
		return entity{}, err
	}
	parts := []entity{textEntity(html)}
	for _, i := range d.Inline {
		parts = append(parts, inlineEntity(i))
	}
	return joinParts("related", d.Rand, parts, parameter{"type", "text/html"})
}

// A source is a text and the field of the draft that an error in it is about.
type source struct{ field, text string }

// texts decides what is shown as plain text and what as HTML, if any.
func (d *Draft) texts() (plain, rich source) {
	plain, rich = source{"text", d.Text}, source{"html", d.HTML}
	if d.Markdown != "" {
		rich.field = "markdown"
		rich.text = renderMarkdown(d.Markdown)
		if d.Text == "" {
			plain = source{"markdown", d.Markdown}
		}
	}
	if plain.text == "" && d.HTML != "" {
		plain = source{"html", plainText(d.HTML)}
	}
	return plain, rich
}
