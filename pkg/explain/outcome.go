package explain

// State says whether the same call may be repeated.
type State string

// The values of State.
const (
	Permanent State = "permanent" // repeating it fails again until something is changed
	Temporary State = "temporary" // repeating it later is safe and can succeed
)

// Exit statuses of sysexits(3) that a refusal can lead to.
const (
	exitData          = 65 // bad message or address
	exitRecipient     = 67 // a recipient was refused
	exitUnavailable   = 69 // unavailable for good
	exitInternal      = 70 // a fault of this program
	exitTemporary     = 75 // the same call may be repeated safely
	exitNoPermission  = 77 // sign-in, permission, policy
	exitConfiguration = 78 // configuration
)

// The steps of a session at which a refusal means something of its own.
const (
	stageAuth = "auth"
	stageMail = "mail"
	stageRcpt = "rcpt"
)

// Outcome is what follows from a refusal.
type Outcome struct {
	State State
	Exit  int // the exit status, see sysexits(3)
}

func temporary() Outcome         { return Outcome{Temporary, exitTemporary} }
func permanent(exit int) Outcome { return Outcome{Permanent, exit} }

// Outcome decides from the entry's retry and class, and from the step of the session at which the
// refusal came ("auth", "mail", "rcpt"; every other step counts alike). An entry whose retry is
// Reauth is final here: the one repetition with a fresh token comes before.
func (e *Entry) Outcome(stage string) Outcome {
	if e.Retry == Later {
		return temporary()
	}
	switch e.Class {
	case Address:
		return permanent(addressExit(stage))
	case Content:
		return permanent(exitData)
	case Config, Scope, Tenant, Store, Clock, Record:
		return permanent(exitConfiguration)
	case Policy, Quota:
		return permanent(limitExit(e.Class, stage))
	case Throttle, Transient, Network, TLS:
		return permanent(exitUnavailable)
	case Defect:
		return permanent(exitInternal)
	default:
		return permanent(exitNoPermission)
	}
}

// addressExit tells the sender's address, a fault of the message, from a recipient's.
func addressExit(stage string) int {
	if stage == stageMail {
		return exitData
	}
	return exitRecipient
}

// limitExit: a rule or a full mailbox that shows at RCPT concerns that recipient only.
func limitExit(c Class, stage string) int {
	switch {
	case stage == stageRcpt:
		return exitRecipient
	case c == Policy:
		return exitNoPermission
	default:
		return exitUnavailable
	}
}

// ReplyOutcome decides what follows from a reply that no entry knows: its first digit does
// (RFC 5321 section 4.2.1), and for a permanent one the step at which it came.
func ReplyOutcome(code int, stage string) Outcome {
	switch {
	case code/100 == 4:
		return temporary()
	case code/100 != 5:
		return permanent(exitUnavailable)
	case stage == stageRcpt:
		return permanent(exitRecipient)
	case stage == stageAuth:
		return permanent(exitNoPermission)
	default:
		return permanent(exitUnavailable)
	}
}
