package doctor

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/netip"
	"slices"
	"strconv"
	"strings"
	"sync"
	"syscall"

	"github.com/o365mail/o365mail/pkg/explain"
)

// addresses are what the name of the submission host stands for.
type addresses struct {
	v4, v6    []netip.Addr
	canonical string // where the name leads, if it is an alias
	literal   bool   // the host is an address itself
	err       error
}

func (x *examination) findAddresses(ctx context.Context) *addresses {
	if ip, err := netip.ParseAddr(x.Dialer.Host); err == nil {
		a := &addresses{literal: true}
		a.add(ip)
		return a
	}
	ctx, cancel := context.WithTimeout(ctx, x.wait())
	defer cancel()
	ips, err := x.Resolver.LookupNetIP(ctx, "ip", x.Dialer.Host)
	if err != nil {
		return &addresses{err: err}
	}
	a := &addresses{}
	a.add(ips...)
	if name, err := x.Resolver.LookupCNAME(ctx, x.Dialer.Host); err == nil && !sameName(name, x.Dialer.Host) {
		a.canonical = strings.TrimSuffix(name, ".")
	}
	return a
}

func (a *addresses) add(ips ...netip.Addr) {
	for _, ip := range ips {
		if ip = ip.Unmap(); ip.Is4() {
			a.v4 = append(a.v4, ip)
		} else {
			a.v6 = append(a.v6, ip)
		}
	}
}

func sameName(a, b string) bool {
	return strings.EqualFold(strings.TrimSuffix(a, "."), strings.TrimSuffix(b, "."))
}

func (x *examination) hostName(ctx context.Context) *Finding {
	host := fact("host", x.Dialer.Host)
	if x.Proxied {
		return &Finding{Status: Skip, Detail: "a proxy makes the connection", Facts: []Fact{host}}
	}
	a := x.addresses.get(ctx)
	switch {
	case a.literal:
		return &Finding{Status: Skip, Detail: x.Dialer.Host + " is an address", Facts: []Fact{host}}
	case a.err != nil && isUnknownName(a.err):
		return x.fail("net.dns", "no name server knows "+x.Dialer.Host, host)
	case a.err != nil:
		return x.fail("net.name-servers", fmt.Sprintf("no answer for %s: %v", x.Dialer.Host, a.err), host)
	}
	all := slices.Concat(a.v4, a.v6)
	if len(all) == 0 {
		return localFinding(codeTimeout, errUnreached.Error())
	}
	facts := []Fact{host, fact("addresses", joined(all))}
	if a.canonical != "" {
		facts = append(facts, fact("canonical_name", a.canonical))
	}
	return seen("", facts...)
}

// isUnknownName tells a name that does not exist, or has no address, from name servers that do not
// answer.
func isUnknownName(err error) bool {
	dns, ok := errors.AsType[*net.DNSError](err)
	return ok && dns.IsNotFound || errors.As(err, new(*net.AddrError))
}

func joined[T fmt.Stringer](list []T) string {
	texts := make([]string, len(list))
	for i, one := range list {
		texts[i] = one.String()
	}
	return strings.Join(texts, " ")
}

// reach is an attempt at one address family. The connection of a good one becomes the session.
type reach struct {
	conn net.Conn
	err  error // nil also when there is nothing to reach
}

// families are the attempts at both.
type families struct {
	tried     bool // false where the time was over before their turn came
	v4, v6    reach
	otherPort int // another submission port of the host that answers although none of ours does; 0 is none
}

func (x *examination) findFamilies(ctx context.Context) *families {
	a := x.addresses.get(ctx)
	f := &families{tried: true}
	var both sync.WaitGroup
	both.Go(func() { f.v4 = x.connect(ctx, a.v4, x.Dialer.Port) })
	both.Go(func() { f.v6 = x.connect(ctx, a.v6, x.Dialer.Port) })
	both.Wait()
	if f.v4.conn == nil && f.v6.conn == nil && (isTimeout(f.v4.err) || isTimeout(f.v6.err)) {
		f.otherPort = x.answeringPort(ctx, append(a.v4, a.v6...))
	}
	return f
}

// connect tries the addresses one after the other.
func (x *examination) connect(ctx context.Context, ips []netip.Addr, port int) (r reach) {
	ctx, cancel := context.WithTimeout(ctx, x.wait())
	defer cancel()
	dial := x.Dialer.DialContext
	if dial == nil {
		dial = (&net.Dialer{}).DialContext
	}
	for _, ip := range ips {
		if r.conn, r.err = dial(ctx, "tcp", net.JoinHostPort(ip.String(), strconv.Itoa(port))); r.err == nil {
			return r
		}
	}
	return r
}

// answeringPort looks whether it is the port that is blocked, or the host.
func (x *examination) answeringPort(ctx context.Context, ips []netip.Addr) int {
	port := 587
	if x.Dialer.Port == port {
		port = 25
	}
	r := x.connect(ctx, ips[:min(1, len(ips))], port)
	if r.conn == nil {
		return 0
	}
	_ = r.conn.Close()
	return port
}

func (x *examination) tcp4(ctx context.Context) *Finding {
	f := x.families.get(ctx)
	return x.family(&f.v4, &f.v6, f, "IPv4", "net.ipv4")
}

func (x *examination) tcp6(ctx context.Context) *Finding {
	f := x.families.get(ctx)
	return x.family(&f.v6, &f.v4, f, "IPv6", "net.ipv6")
}

// family judges one address family; what the other can do decides how bad it is.
func (x *examination) family(mine, other *reach, both *families, name, partly string) *Finding {
	switch {
	case x.Proxied:
		return skip("a proxy makes the connection")
	case mine.conn != nil:
		return seen("", fact("address", mine.conn.RemoteAddr().String()))
	case !both.tried:
		return localFinding(codeTimeout, errUnreached.Error())
	case mine.err == nil:
		return skip("the host has no " + name + " address")
	case other.conn != nil && isUnreachable(mine.err):
		return skip("this machine has no " + name + ", and needs none here")
	case other.conn != nil:
		return x.warn(partly, mine.err.Error())
	}
	detail := fmt.Sprintf("no connection to %s, port %d: %v", x.Dialer.Host, x.Dialer.Port, mine.err)
	switch {
	case isRefused(mine.err):
		return x.fail("net.refused", detail)
	case isUnreachable(mine.err):
		return x.fail("net.unreachable", detail)
	case both.otherPort != 0:
		return x.fail("smtp.port-blocked", fmt.Sprintf("port %d of %s gives no answer, port %d does", x.Dialer.Port, x.Dialer.Host, both.otherPort))
	}
	return x.fail("net.timeout", detail)
}

func (x *examination) proxy(ctx context.Context) *Finding {
	if !x.Proxied {
		return skip("no proxy is set for the submission server")
	}
	e := x.session.get(ctx).err
	if e != nil && stoppedAtProxy(e) {
		return x.unreachable("net.proxy", e.Err, e.Error())
	}
	return seen("the proxy connects to " + x.Dialer.Host)
}

// unreachable is a failure of the network; a proxy that is not there cannot be asked to allow anything.
func (x *examination) unreachable(code string, err error, detail string, facts ...Fact) *Finding {
	f := x.fail(code, detail, facts...)
	dial, ok := errors.AsType[*net.OpError](err)
	for ok && dial.Addr == nil { // that of net/http around the one of the dialer
		dial, ok = errors.AsType[*net.OpError](dial.Err)
	}
	if ok && isRefused(err) && strings.HasSuffix(code, ".proxy") {
		f.Cause = "Nothing listens at the address of the proxy, " + dial.Addr.String() + "."
		f.advise("Correct the proxy in the settings (--proxy) or in HTTPS_PROXY, or start it", "")
		f.Who = string(explain.ByUser)
	}
	return f
}

// Windows numbers its sockets' errors apart from package syscall's (Windows Sockets Error Codes).
const (
	errWSANetUnreachable  = syscall.Errno(10051)
	errWSARefused         = syscall.Errno(10061)
	errWSAHostUnreachable = syscall.Errno(10065)
)

func isRefused(err error) bool {
	return errors.Is(err, syscall.ECONNREFUSED) || errors.Is(err, errWSARefused)
}

func isUnreachable(err error) bool {
	for _, errno := range []syscall.Errno{
		syscall.ENETUNREACH, syscall.EHOSTUNREACH, syscall.EADDRNOTAVAIL, syscall.EAFNOSUPPORT, errWSANetUnreachable, errWSAHostUnreachable,
	} {
		if errors.Is(err, errno) {
			return true
		}
	}
	return false
}

func isTimeout(err error) bool {
	timed, ok := errors.AsType[net.Error](err)
	return errors.Is(err, context.DeadlineExceeded) || ok && timed.Timeout()
}
