package sandbox

// flow is a way to a token, or a set of them.
type flow uint8

const (
	asApp      flow = 1 << iota // client credentials of any kind
	byRefresh                   // a refresh token
	byDevice                    // device code (RFC 8628)
	byBrowser                   // authorization code
	byIdentity                  // managed identity
)

// flowName is a flow under its name in the data and in the settings of tests.
type flowName struct {
	flow flow
	name string
}

// flowNames lists the flows in the order in which a refusal's own stage is chosen.
func flowNames() []flowName {
	return []flowName{
		{asApp, "client_credentials"},
		{byRefresh, "refresh_token"},
		{byDevice, "device_code"},
		{byBrowser, "authorization_code"},
		{byIdentity, "managed_identity"},
	}
}

// phase is when in a flow a refusal comes.
type phase int

const (
	onGrant   phase = iota // when a code, a secret or a refresh token is redeemed
	onRequest              // with the first request of the flow
	onPerson               // when somebody has signed in
)

// place is where in a flow a request stands.
type place struct {
	stage  string
	flow   flow
	person bool // at authorize: somebody has signed in
}

// comesAt reports whether a refusal comes there.
func (r entraRefusal) comesAt(p place) bool {
	return r.stageOf(p.flow) == p.stage && (p.stage != stageAuthorize || p.person == (r.At == onPerson))
}

// stageOf is the stage at which a refusal comes in a flow; empty when it does not.
func (r entraRefusal) stageOf(f flow) string {
	switch {
	case r.Flows&f == 0:
		return ""
	case f == byDevice && r.At == onRequest:
		return stageDeviceCode
	case f == byBrowser && r.At != onGrant:
		return stageAuthorize
	case f == byIdentity:
		return stageIdentity
	default:
		return stageToken // a person's refusal reaches the polling client of a device code here
	}
}

// stage is that of the first flow that meets the refusal.
func (r entraRefusal) stage() string {
	for _, f := range flowNames() {
		if stage := r.stageOf(f.flow); stage != "" {
			return stage
		}
	}
	return ""
}

// Flows names the flows in which a refusal of Entra is played: client_credentials, refresh_token,
// device_code, authorization_code, managed_identity. Other faults have none. A refusal comes at the
// endpoint where the flow would meet it, which need not be Stage: one of the client id, for example,
// comes at the token endpoint to an application, and at authorize to a browser.
func (f Fault) Flows() []string {
	r, ok := refusalByID(f.ID)
	if !ok {
		return nil
	}
	var names []string
	for _, known := range flowNames() {
		if r.Flows&known.flow != 0 {
			names = append(names, known.name)
		}
	}
	return names
}
