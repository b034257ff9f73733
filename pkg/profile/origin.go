package profile

import "fmt"

// Layer is one of the places that settings come from.
type Layer string

// The layers, the strongest first.
const (
	FlagLayer        Layer = "flag"
	EnvironmentLayer Layer = "environment"
	FileLayer        Layer = "file"
	AzureLayer       Layer = "azure" // AZURE_TENANT_ID and its like
	CloudLayer       Layer = "cloud"
	DefaultLayer     Layer = "default"
)

// Origin is where the value of a setting came from.
type Origin struct {
	Layer Layer
	Name  string // of the flag, the variable, the file or the cloud
}

// String names the origin as a person would look for it.
func (o Origin) String() string {
	switch o.Layer {
	case FlagLayer:
		return "--" + o.Name
	case CloudLayer:
		return "cloud " + o.Name
	case DefaultLayer:
		return "default"
	default:
		return o.Name
	}
}

// ValueError is a setting whose value cannot be.
type ValueError struct {
	Key    string // Key.Name, or the AZURE_ variable
	Value  string // empty where it may hold a password
	Want   string // what it has to be
	Origin Origin
}

// Error names the setting, its origin and what was expected.
func (e *ValueError) Error() string {
	text := e.Key
	if e.Value != "" {
		text += fmt.Sprintf(" %q", e.Value)
	}
	if from := e.Origin.String(); from != "" {
		text += " (" + from + ")"
	}
	return text + ": want " + e.Want
}
