package doctor

import "github.com/o365mail/o365mail/pkg/explain"

// Causes that the engine itself gives.
const (
	codeCrash   = "doctor.crash"
	codeTimeout = "doctor.timeout"
)

// A localCause is a cause that no server words: of this machine, its network, its settings, its token
// or the records of its domain. The fields are those of an entry of package explain.
type localCause struct {
	id, title, cause string
	who              explain.Who
	fixes            []string // most likely first, with the placeholders of explain.Values
}

func localCauses() [][]localCause {
	return [][]localCause{
		doctorCauses(), settingsCauses(), storeCauses(), networkCauses(), tlsCauses(), serverCauses(),
		issuerCauses(), credentialCauses(), tokenCauses(), recordCauses(),
	}
}

func localCauseOf(id string) (localCause, bool) {
	for _, group := range localCauses() {
		for _, c := range group {
			if c.id == id {
				return c, true
			}
		}
	}
	return localCause{}, false
}

func (c localCause) entry() explain.Entry {
	return explain.Entry{ID: c.id, Cause: c.cause, Fixes: c.fixes, Who: c.who}
}

func doctorCauses() []localCause {
	return []localCause{
		{
			codeCrash, "A check of doctor crashed", "A check of doctor itself broke. That says nothing about the set-up.", explain.ByUser,
			[]string{"Report it as a bug, with the output of: o365mail doctor --format json"},
		},
		{
			codeTimeout, "A check gave no answer in time", "A check waited for something that never came, until the time for it was over.", explain.ByUser,
			[]string{"Give it more time: o365mail doctor --timeout 3m"},
		},
		{
			"cron.unreachable", "A job cannot get a token", "What is stored for this profile opens in your session, but not in the bare environment that cron gives a job.", explain.ByUser,
			[]string{
				"Keep the key in a file that a job can read: o365mail login --keyring file:PATH",
				"If settings come from variables, put them into the profile, or into the crontab",
			},
		},
		{
			"clock.skew", "The clock of this machine is wrong", "The clock of this machine differs by more than five minutes from the servers'. Tokens seem to be expired, or not valid yet, and signed assertions are refused.", explain.ByUser,
			[]string{"Let the clock be set from the network (Linux): sudo timedatectl set-ntp true", "Windows: w32tm /resync"},
		},
	}
}

func settingsCauses() []localCause {
	return []localCause{
		{
			"config.missing", "A setting is missing", "Something that signing in or sending needs is set nowhere: not by a flag, a variable or the configuration.", explain.ByUser,
			[]string{"See what your administrator has to prepare: o365mail setup", "Then make the profile: o365mail login user@contoso.com"},
		},
		{
			"config.value", "A setting has a value that cannot be", "A setting has a value that it cannot have.", explain.ByUser,
			[]string{"Correct the setting where it stands"},
		},
		{
			"config.unknown-key", "The configuration has an unknown setting", "The configuration names a setting that does not exist. It is not ignored, since a mistyped host would send mail elsewhere.", explain.ByUser,
			[]string{"Correct the name of the setting, or delete its line"},
		},
		{
			"config.syntax", "The configuration cannot be read", "The configuration file is not written as TOML.", explain.ByUser,
			[]string{"Correct the line that is named"},
		},
		{
			"config.unknown-profile", "There is no such profile", "The profile that was asked for is not in the configuration.", explain.ByUser,
			[]string{"See which there are: o365mail profiles", "Or make it: o365mail login user@contoso.com"},
		},
		{
			"config.file", "The configuration file cannot be opened", "The configuration file is missing, or may not be read by this user.", explain.ByUser,
			[]string{"Check the path, its owner and its permissions"},
		},
		{
			"config.unsafe", "Somebody else can change the configuration", "Other users can write to the configuration. It names servers and a command, so it is not used as it is.", explain.ByUser,
			[]string{"Take the right to write away from others: chmod go-w FILE, as its owner"},
		},
		{
			"config.exposed", "Others can read a secret", "A file with a key, certificate or token can be read by other users of this machine.", explain.ByUser,
			[]string{"Take the right to read away from others: chmod 600 FILE, as its owner"},
		},
		{
			"config.wrong-cloud", "The tenant lives in another cloud", "The tenant belongs to another Microsoft cloud than the one that the profile uses. Its accounts cannot sign in or send here.", explain.ByUser,
			[]string{"Name its cloud: o365mail login user@contoso.com --cloud CLOUD"},
		},
		{
			"config.no-such-tenant", "Entra does not know the tenant", "No tenant has this id or domain in the cloud that the profile uses: it is mistyped, or belongs to another cloud.", explain.ByUser,
			[]string{"Copy the tenant id from the Entra admin center, Overview, and sign in again: o365mail login user@contoso.com --tenant TENANT", "If the tenant is in a national cloud, name it: o365mail login user@contoso.com --cloud CLOUD"},
		},
	}
}

func storeCauses() []localCause {
	again := "Sign in again: o365mail login user@contoso.com"
	return []localCause{
		{"store.missing", "Nobody is signed in", "Nothing is stored for this profile: it was never signed in on this machine by this user, or signed out since.", explain.ByUser, []string{again}},
		{"store.damaged", "The token store is damaged", "The stored sign-in is not what was written. It cannot be repaired.", explain.ByUser, []string{again}},
		{"store.other-key", "The token store has another key", "The stored sign-in is sealed with another key than its holder has now.", explain.ByUser, []string{"Give the old key back to its holder", again}},
		{"store.locked", "Another process holds the token store", "Another o365mail is renewing the sign-in, or the file system has no locks.", explain.ByUser, []string{"Repeat the call"}},
		{"store.version", "The token store is of a newer release", "A newer release of o365mail wrote the stored sign-in.", explain.ByUser, []string{"Use the newer release", again}},
		{"store.unreadable", "The token store is not ours to read", "The stored sign-in, its folder or its key belongs to somebody else, or others have access to it.", explain.ByUser, []string{"Give it to its user alone: chmod 600 FILE, chmod 700 FOLDER, as the owner", again}},
		{"store.key", "The key of the token store cannot be had", "The holder of the key gives none: it has none, is locked, or cannot be reached from here. A keychain answers only while its user is logged in.", explain.ByUser, []string{"Give the key back to its holder, or unlock it", "Keep the key in a file, which works without a desktop too: o365mail login user@contoso.com --keyring file:PATH"}},
	}
}
