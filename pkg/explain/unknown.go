package explain

import (
	"fmt"
	"strconv"
	"strings"
)

// UnknownReply is the ID of the entry that Find makes for a reply that the knowledge base does not
// have: another wording, another language, a new code. Only its class is told.
const UnknownReply = "unknown-reply"

// subject is what RFC 3463 section 3 says of the second number of an enhanced code.
type subject struct {
	class Class
	means string
}

func subjectOf(digit string) subject {
	switch digit {
	case "1":
		return subject{Address, "an address"}
	case "2":
		return subject{Address, "the state of a mailbox"}
	case "3":
		return subject{Config, "the mail system of the server"}
	case "4":
		return subject{Network, "the network or the routing of mail"}
	case "5":
		return subject{Config, "the commands of the session"}
	case "6":
		return subject{Content, "the content of the message"}
	case "7":
		return subject{Policy, "security or a policy"}
	}
	return subject{Policy, "something that its code does not name"}
}

// detailClass is the class of codes that say more than their subject.
// RFC 3463 section 3, RFC 4954 section 6, RFC 7372, and Microsoft's ranges of 5.7.5xx to 5.7.8xx.
func detailClass(kind, detail string) (Class, bool) {
	switch kind + "." + detail {
	case "1.7", "1.8":
		return Address, true
	case "2.2", "3.1":
		return Quota, true
	case "2.3", "3.4":
		return Content, true
	case "2.4", "7.2", "7.60":
		return Permission, true
	case "5.3":
		return Quota, true
	case "7.0", "7.3", "7.8", "7.9", "7.12", "7.13", "7.14", "7.57", "7.139":
		return Auth, true
	case "7.4", "7.10", "7.11", "7.66":
		return Config, true
	}
	n, err := strconv.Atoi(detail)
	if kind == "7" && err == nil && (n >= 20 && n <= 29 || n >= 500 && n <= 899) {
		return Reputation, true
	}
	return "", false
}

// basicClass is the class of a reply without an enhanced code. RFC 5321 section 4.2.2, RFC 4954.
func basicClass(code string) subject {
	switch code {
	case "454", "530", "534", "535", "538":
		return subject{Auth, "the sign-in"}
	case "550", "551", "553":
		return subject{Address, "a mailbox or a right on it"}
	case "452", "552":
		return subject{Quota, "storage or size"}
	case "500", "501", "502", "503", "504", "555":
		return subject{Config, "the commands of the session"}
	case "421", "450", "451":
		return subject{Transient, "the state of the server"}
	}
	return subject{Policy, "something that its code does not name"}
}

// unknown explains a reply by its digits alone. The code is as in Entry.Code.
func (b *Base) unknown(code, words string) Finding {
	basic, enhanced := splitCode(code)
	s := basicClass(basic)
	if enhanced != "" {
		parts := strings.Split(enhanced, ".")
		s = subjectOf(parts[1])
		if class, ok := detailClass(parts[1], parts[2]); ok {
			s.class = class
		}
	}
	if class, ok := b.agreedClass(enhanced); ok {
		s.class = class
	}
	e := &Entry{
		ID: UnknownReply, Kind: Reply, Class: s.class, Retry: Never, Who: whoRepairs(s.class), Enhanced: enhanced,
		Title:      "Unknown reply: refused for good",
		Fixes:      []string{"Read the server's words: they are all there is", "Look the code up in Microsoft's list: https://learn.microsoft.com/exchange/mail-flow-best-practices/non-delivery-reports-in-exchange-online/non-delivery-reports-in-exchange-online"},
		Confidence: "unknown", Source: "RFC 5321 section 4.2.1, RFC 3463 section 3",
	}
	if enhanced == "5.7.8" {
		e.Who = ByUser // wrong credentials, RFC 4954 section 6; no reply of Exchange is known to have it
	}
	e.Basic, _ = strconv.Atoi(basic)
	meaning := "change something before the same call is repeated"
	if code[0] == '4' {
		e.Title, e.Retry, meaning = "Unknown reply: refused for now", Later, "the same call may be repeated later"
	}
	e.Cause = fmt.Sprintf("This reply is not in the knowledge base. Its code says only that it concerns %s; %s.", s.means, meaning)
	return Finding{Entry: e, Code: code, Words: words, rank: rankUnknown}
}

// splitCode takes apart what Entry.Code puts together.
func splitCode(code string) (basic, enhanced string) {
	basic, enhanced, _ = strings.Cut(code, " ")
	if strings.Contains(basic, ".") {
		return "", basic
	}
	return basic, enhanced
}

// agreedClass is the class on which all entries with this code agree: another wording of a known
// code stands most likely for the same kind of fault.
func (b *Base) agreedClass(enhanced string) (Class, bool) {
	var class Class
	for _, e := range b.Replies() {
		switch {
		case enhanced == "" || !e.hasEnhanced(enhanced):
		case class != "" && class != e.Class:
			return "", false
		default:
			class = e.Class
		}
	}
	return class, class != ""
}

func whoRepairs(c Class) Who {
	switch c {
	case Permission, Policy, Reputation, Auth:
		return ByExchangeAdmin
	case Network:
		return ByNetworkAdmin
	default:
		return ByUser
	}
}
