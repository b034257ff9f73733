package migrate

import "strings"

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
	if at < 0 {
		return meaningOfUser(all)
	}
	for _, w := range all[:at] {
		switch w {
		case "reset", "forgot", "show", "no", "has", "is", "check", "confirm", "new", "old", "hash", "generate", "min", "max", "validate", "encrypted", "change":
			return keyOther
		}
	}
	if isCommandWord(all[at]) {
		return keyPointer
	}
	for _, w := range all[at+1:] {
		switch w {
		case "file", "path", "eval", "command", "cmd", "maps", "map", "env", "from", "ref", "store", "id":
			return keyPointer
		case "raw", "secured", "plain", "value", "text", "secret", "str", "var", "string", "val", "default":
		default:
			return keyOther
		}
	}
	return keyPassword
}

// isCommandWord tells a key whose value prints the password.
func isCommandWord(w string) bool {
	return w == "passwordeval" || w == "passeval" || w == "passwordcommand" || w == "passwordcmd" || w == "passcmd"
}

func isPasswordWord(w string) bool {
	switch w {
	case "pass", "pw", "pwd", "password", "passwd", "passwort", "kennwort", "passphrase", "authpass", "smtppass", "mailpass", "userpass", "emailpass",
		"passwordeval", "passeval", "passwordcommand", "passwordcmd", "passcmd", "smtppw", "mailpw", "smtppwd", "passcode", "appsecret", "senha", "contrasena", "clave", "xp":
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
	switch last := all[len(all)-1]; last {
	case "user", "username", "login", "uid", "userid", "authuser", "smtpuser", "mailuser", "smtpusername", "account", "usr", "sendusername", "smtpname",
		"principal", "emailuser", "xu", "benutzer", "utilisateur", "smtplogin", "eventuser":
		return keyUser
	case "name":
		if len(all) > 1 && (all[len(all)-2] == "user" || all[len(all)-2] == "login" || all[len(all)-2] == "account") {
			return keyUser
		}
	case "id":
		if len(all) > 1 && all[len(all)-2] == "user" {
			return keyUser
		}
	case "from", "sender", "mailfrom", "fromaddress", "email", "mail", "address", "fromemail", "mailbox", "emailfrom", "secured":
		return keySender
	}
	return keyOther
}

// isAlien reports whether words belong to something that is not mail: a data base, a directory.
// A word for mail in the same key outweighs it.
func isAlien(key string) bool {
	alien := false
	for _, w := range words(key) {
		switch w {
		case "smtp", "mail", "email", "mailer", "smtps", "mta", "msmtp", "mailserver", "notify", "notification", "notifier":
			return false
		case "db", "database", "mysql", "postgres", "postgresql", "pg", "redis", "mongo", "mongodb", "rabbitmq", "amqp", "ldap", "bind", "jwt", "keystore",
			"truststore", "imap", "pop", "pop3", "ftp", "sftp", "s3", "aws", "wifi", "proxy", "root", "sql", "mssql", "oracle", "mariadb", "elastic",
			"elasticsearch", "kafka", "vault", "datasource", "influx", "mqtt", "ssh", "vnc", "rpc", "admin", "superuser", "registry", "docker", "github", "nexus",
			"connectionstrings", "connection", "source", "backend", "ssl", "cert", "certificate", "pfx", "private", "sudo", "become":
			alien = true
		}
	}
	return alien
}

// isMailKey tells a key that says itself that it is about sending mail.
func isMailKey(key string) bool {
	for _, w := range words(key) {
		switch w {
		case "smtp", "mail", "email", "mailer", "mta", "smtps", "smtphost", "smtpserver", "mailhost", "mailserver", "smarthost", "relayhost", "mailhub", "outgoing":
			return true
		}
		if strings.HasPrefix(w, "smtp") {
			return true
		}
	}
	return false
}
