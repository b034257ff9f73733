// Package profile holds who sends and through what: the settings that are no secrets.
//
// Settings come in layers: flags over environment over file, then the AZURE_ variables of a
// container, then what the cloud of the account implies. One table, Keys, names every setting; the
// file, the flags and the variables are all read by it. Resolve lays the layers over one another
// into a Profile whose every value remembers where it came from. The package reads no environment
// of its own: the caller hands in the lookup.
package profile
