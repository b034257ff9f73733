package cmd

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/o365mail/o365mail/pkg/entra"
	"github.com/o365mail/o365mail/pkg/profile"
)

// An otherWay is a flow that can pass where the one that was tried is refused.
type otherWay struct {
	flow profile.Flow
	flag string
	why  string
}

// wayOut is a refusal of Entra that concerns one flow and not the account: what was tried, the
// AADSTS numbers, and what is left.
type wayOut struct {
	tried []profile.Flow
	codes []string
	other otherWay
}

// waysOut follow the causes and fixes of the knowledge base (Microsoft Learn, "Microsoft Entra
// authentication and authorization error codes"; "Block authentication flows with Conditional
// Access policy").
func waysOut() []wayOut {
	deviceCode, browser, person := []profile.Flow{profile.DeviceCode}, []profile.Flow{profile.Browser}, []profile.Flow{profile.DeviceCode, profile.Browser}
	return []wayOut{
		{
			deviceCode,
			[]string{"53003", "530031", "530033", "530036", "50199", "50097", "53000", "53001", "53002"},
			otherWay{profile.Browser, "--browser", "a policy that blocks device codes, or wants a known device, can let a browser on such a device pass"},
		},
		{
			browser,
			[]string{"50011", "500113", "700054", "9002326", "9002327"},
			otherWay{profile.DeviceCode, "--use-device-code", "the application lacks the redirect address of the browser flow; device codes need none"},
		},
		{
			browser,
			[]string{"53003", "50199", "50097", "53000", "53001", "53002"},
			otherWay{profile.ClientSecret, "--service-principal", "the policy is about people and their devices; an application signs in without either"},
		},
		{
			person,
			[]string{"7000218", "700016", "7000112"},
			otherWay{profile.ClientSecret, "--service-principal", "an application that is no public client, or belongs to another tenant, can sign in with its own secret where it is registered"},
		},
	}
}

// otherWayFor finds what is left after a refusal.
func otherWayFor(flow profile.Flow, err error) (otherWay, bool) {
	refusal, ok := errors.AsType[*entra.Error](err)
	if !ok {
		return otherWay{}, false
	}
	for _, w := range waysOut() {
		refused := slices.ContainsFunc(refusal.AADSTS, func(code string) bool { return slices.Contains(w.codes, code) })
		if refused && slices.Contains(w.tried, flow) {
			return w.other, true
		}
	}
	return otherWay{}, false
}

// An otherWayError is a refused sign-in with the flow that fits instead.
type otherWayError struct {
	error
	other   otherWay
	command string
}

func (e otherWayError) Unwrap() error { return e.error }

// signInSomehow signs in, and offers the flow that fits when policy refuses the one that was tried.
func (l *loginRun) signInSomehow(ctx context.Context) error {
	err := l.signIn(ctx)
	other, ok := otherWayFor(l.profile.Flow, err)
	if !ok {
		return err
	}
	if other.flow == profile.Browser && !l.hasBrowser() {
		other.flag = "--paste"
	}
	hint := otherWayError{err, other, fmt.Sprintf("o365mail login %s -p %s %s", l.profile.Address, l.profile.Name, other.flag)}
	if !isTerminal(l.Stderr) || !isTerminal(l.Stdin) {
		return hint
	}
	if !l.agrees(ctx, hint) {
		return hint
	}
	if err := l.changeFlow(other); err != nil {
		return err
	}
	return l.signIn(ctx)
}

// changeFlow resolves the settings anew: scope and tenant depend on the flow. Who holds the key is
// decided already.
func (l *loginRun) changeFlow(other otherWay) error {
	keyring := l.profile.Keyring
	l.values["flow"] = string(other.flow)
	if err := l.resolve(); err != nil {
		return err
	}
	l.profile.Keyring = keyring
	l.options.paste = other.flag == "--paste"
	return nil
}

// agrees shows the refusal and asks whether to go the other way.
func (l *loginRun) agrees(ctx context.Context, hint otherWayError) bool {
	f := l.describe(ctx, hint)
	_, _ = fmt.Fprintf(l.Stderr, "o365mail: %s\n  server: %s\n%s.\nSign in with %s now? [Y/n] ",
		visible(f.why), visible(f.server), upperFirst(hint.other.why), hint.other.flag)
	answer, err := bufio.NewReader(io.LimitReader(l.input, maxTokenFile)).ReadString('\n')
	answer = strings.ToLower(strings.TrimSpace(answer))
	return err == nil && (answer == "" || answer == "y" || answer == "yes")
}

func upperFirst(s string) string { return strings.ToUpper(s[:1]) + s[1:] }
