package doctor

import "strings"

// pathForm is a path of Unix, in quotes or behind what may stand before one, or one of Windows. What
// begins with a slash and goes on with a name and an equals sign is of Exchange's directory.
var pathForm = lazily(`'(/[^']+)'|(?:^|[\s"'=(,;])(/[\p{L}\p{N}_-][\p{L}\p{N}._+@~-]*(?:/[^\s"'<>|,;:()]*)?)(?:$|[\s"'<>|,;:()])|\b([A-Za-z]:\\[^\s"'<>|,;]+)`)

// findPaths finds the paths but those that every set-up may have, and those in the homes of Windows,
// which another rule knows.
func findPaths(text string) [][]int {
	var found [][]int
	for from := 0; from < len(text); {
		at := pathForm().FindStringSubmatchIndex(text[from:])
		if at == nil {
			break
		}
		for i := 2; i < len(at); i += 2 {
			if at[i] < 0 {
				continue
			}
			begin, end := from+at[i], from+at[i]+len(strings.TrimRight(text[from+at[i]:from+at[i+1]], "."))
			if !isPublicPath(text[begin:end]) {
				found = append(found, []int{begin, end})
			}
			from = end // what ended one path may begin the next
			break
		}
	}
	return found
}

func isPublicPath(path string) bool {
	for public := range strings.FieldsSeq(`/etc/o365mail /var/lib/o365mail /usr/ /dev/ /proc/ /root/.`) {
		if strings.HasPrefix(path, public) {
			return true
		}
	}
	return path == "/root" || len(path) > 2 && strings.HasPrefix(path[1:], `:\Users`)
}

// path hides where a file lies. The folders that programs make in a home tell nobody's habits.
func (x *Redactor) path(match string) string {
	home := homeForm().FindString(match)
	for _, known := range x.homes {
		if strings.HasPrefix(match+"/", known+"/") {
			home = known
		}
	}
	rest := match[len(home):]
	switch {
	case home == "":
		return x.placeholder(PrivatePath, match)
	case rest == "" || strings.HasPrefix(rest, "/."):
		return "~" + x.text(rest)
	}
	return "~/" + x.placeholder(PrivatePath, match)
}

var homeForm = lazily(`^(?:(?:/var)?/home|/Users)/[^/]+`)
