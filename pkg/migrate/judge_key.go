package migrate

import (
	"slices"
	"strings"
)

// keyMeaning is what a key promises to hold.
type keyMeaning int

const (
	keyOther    keyMeaning = iota
	keyPassword            // the password itself
	keyPointer             // where the password is: a file, a command, the name of a variable
	keyUser                // the user name
	keySender              // an address that mail comes from
)

// words splits a key at its signs and at capitals: "EMAIL_HOST_PASSWORD", "smtpAuthPass".
func words(key string) []string {
	var all []string
	start := 0
	cut := func(end int) {
		if end > start {
			all = append(all, strings.ToLower(key[start:end]))
		}
		start = end
	}
	for i := range len(key) {
		c := key[i]
		switch {
		case !isWord(c) || c == '_':
			cut(i)
			start = i + 1
		case i > 0 && isUpper(c) && (isLower(key[i-1]) || i+1 < len(key) && isLower(key[i+1]) && isUpper(key[i-1])):
			cut(i)
		}
	}
	cut(len(key))
	return all
}

func isUpper(c byte) bool { return 'A' <= c && c <= 'Z' }
func isLower(c byte) bool { return 'a' <= c && c <= 'z' }

// meaning reads a key. The last word decides: PASSWORD_FILE is a pointer, RESET_PASSWORD_URL is
// something else.
func meaning(key string) keyMeaning {
	all := words(key)
	at := -1
	for i, w := range all {
		if isPasswordWord(w) {
			at = i
		}
	}
	switch n := len(all); {
	case at >= 0:
	case n > 1 && (all[n-2] == "existing" && all[n-1] == "secret" || listed(` creds cred credential credentials`, all[n-1]) && isMailKey(key)):
		return keyPointer
	default:
		return meaningOfUser(all)
	}
	for _, w := range all[:at] {
		if listed(` reset forgot show no has is check confirm new old hash generate min max validate encrypted change`, w) {
			return keyOther
		}
	}
	if isCommandWord(all[at]) {
		return keyPointer
	}
	for _, w := range all[at+1:] {
		if listed(` file path eval command cmd maps map env from ref store id`, w) {
			return keyPointer
		}
		if !listed(` raw secured plain value text secret str var string val default`, w) {
			return keyOther
		}
	}
	return keyPassword
}

// isCommandWord tells a key whose value prints the password.
func isCommandWord(w string) bool {
	return listed(` passwordeval passeval passwordcommand passwordcmd passcmd`, w)
}

func isPasswordWord(w string) bool {
	if isCommandWord(w) || listed(` pass pw pwd passphrase authpass userpass emailpass smtppw mailpw smtppwd passcode appsecret kennwort senha contrasena clave xp`, w) {
		return true
	}
	for _, end := range []string{"password", "passwd", "smtppass", "mailpass", "passcrypted", "passwort"} {
		if strings.HasSuffix(w, end) {
			return true
		}
	}
	return false
}

func meaningOfUser(all []string) keyMeaning {
	if len(all) == 0 {
		return keyOther
	}
	last, before := all[len(all)-1], ""
	if len(all) > 1 {
		before = all[len(all)-2]
	}
	switch {
	case listed(` user username login uid userid authuser smtpuser mailuser smtpusername account usr sendusername smtpname principal emailuser xu au benutzer utilisateur smtplogin eventuser`, last),
		last == "name" && listed(` user login account`, before), last == "id" && before == "user":
		return keyUser
	case slices.ContainsFunc(all, func(w string) bool { return listed(recipients, w) }):
		return keyOther
	case last == "name" && before == "smtp", listed(` from sender mailfrom fromaddress email mail address fromemail mailbox emailfrom secured`, last):
		return keySender
	}
	return keyOther
}

const recipients = ` to cc bcc recipient recipients reply list group admin support distribution notify receiver destination contact customer`

// isAlien reports whether words belong to something that is not mail: a data base, a directory.
// A word for mail in the same key outweighs it.
func isAlien(key string) bool {
	alien := false
	for _, w := range words(key) {
		if listed(` smtp mail email mailer smtps mta msmtp mailserver notify notification notifier`, w) {
			return false
		}
		alien = alien || listed(aliens, w)
	}
	return alien
}

const aliens = ` db database mysql postgres postgresql pg redis mongo mongodb rabbitmq amqp ldap bind jwt keystore truststore imap pop pop3 ftp sftp s3 aws wifi proxy root sql mssql oracle mariadb` +
	` elastic elasticsearch kafka vault datasource influx mqtt ssh vnc rpc admin superuser registry docker github nexus connectionstrings connection source backend ssl cert certificate pfx private sudo become basic`

// isMailKey tells a key that says itself that it is about sending mail.
func isMailKey(key string) bool {
	for _, w := range words(key) {
		if strings.HasPrefix(w, "smtp") || listed(` mail email mailer mta mailhost mailserver smarthost relayhost mailhub outgoing`, w) {
			return true
		}
	}
	return false
}
