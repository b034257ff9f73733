package explain

import "regexp"

// forms are the patterns by which a scanner reads texts of programs. They are compiled when the
// first text is read.
type forms struct {
	// code takes the codes of a reply in the forms in which programs print them:
	// 535 5.7.3, 535-5.7.3, (535, b'5.7.3, 535: 5.7.3, 550 #5.1.0, #5.1.0, and 535 alone before words.
	code *regexp.Regexp
	// announced is what stands before a reply, or before its code alone.
	announced *regexp.Regexp
	// spoken is what stands before an enhanced code alone, which looks like a version of some program.
	spoken *regexp.Regexp
	// version is what follows the number of a version and no code.
	version *regexp.Regexp
	// foreign is what stands before a number that has nothing to do with SMTP.
	foreign *regexp.Regexp
	// http is a status line of HTTP, which has the same numbers.
	http *regexp.Regexp
	// entry is how the next entry of a log, or a frame of a stack trace, begins.
	entry *regexp.Regexp
	// address is an IP address or a version, parts of which look like a code.
	address *regexp.Regexp
}

func newForms() *forms {
	return &forms{
		code: regexp.MustCompile(`^(?:(?:([45]\d\d)(-|[ ]|, ?|: ?|" ?)[ ]{0,3}(?:[bB]?['"])?#?)?\b([45]\.\d{1,3}\.\d{1,3})\b|` +
			`([45]\d\d)(-|[ ]|, ?[bB]?['"]|: )[ ]{0,3}[\pL<(\[])`),
		announced: regexp.MustCompile(`(?i)(?:^|\b(?:said|says|respon[sd]\w*|repl(?:y|ied)|answer\w*|server|smtp|status|dsn|diagnostic-code|stat|errors?|\w*exception|\w*error|failed|failure|refused|rejected|login|message|info|detail|data|code|was|got|bounce\w*|s)\b|[\w\])]+:|[<>~*|({=]|\bb['"])[ \pP\pS]*$`),
		spoken:    regexp.MustCompile(`(?i)(?:\b(?:said|says|respon[sd]\w*(?: was)?|repl(?:y|ied)|answer\w*|dsn|stat|status|diagnostic-code|returned|rejected|refused|bounced|reason|(?:remote|mail) server)\b|(?:smtp|mail|command|sender|recipients?)\w*(?:exception|error|refused)\b|\bsmtp\w*(?: error)?[:;>]|[#<])[ \pP\pS]*$`),
		version:   regexp.MustCompile(`^[-+~]\w`),
		foreign:   regexp.MustCompile(`(?i)http|\bport\b|\bline\b|status code`),
		http: regexp.MustCompile(`(?i)^\d{3} (internal server error|not implemented|bad gateway|service unavailable|gateway time-?out|` +
			`http version|locked|too early|request header|unavailable for legal|misdirected|unprocessable|proxy auth)`),
		entry:   regexp.MustCompile(`^(?:at |File |raise|Caused by|Traceback|\.\.\.|(?i:error|warn\w*|info|debug|fatal)\b|\d{4}-\d\d|[A-Z][a-z]{2} [ \d]\d |\[(?:\d+[-:/\]]|(?i:error|warn|info|debug))|#\d|[245]\d\d[ -]|goroutine |[\w.]+\.go:)`),
		address: regexp.MustCompile(`\d+(?:\.\d+){3,}`),
	}
}
