package sandbox

// entraRefusal is one refusal of an endpoint of Entra or of a managed identity, a row of
// refusals/entra.toml.
type entraRefusal struct {
	ID       string
	Code     int    // AADSTS number; 0 where there is none
	OAuth    string `toml:"error"` // RFC 6749 section 5.2; chosen by the kind of fault where it is not known
	Suberror string
	Text     string // start of error_description; the number alone where no text is known
	About    string
	Flows    flow  // the flows that can meet it
	At       phase // of those flows
}
