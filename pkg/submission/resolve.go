package submission

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/netip"
	"os"
	"strconv"
	"strings"
)

// maxAddresses bounds how many addresses of one name are tried.
const maxAddresses = 16

// addresses finds where host is, in the order in which it is to be tried.
func (d *Dialer) addresses(ctx context.Context, host string, port int) ([]string, error) {
	ips, err := d.lookup(ctx, host)
	if err != nil {
		return nil, err
	}
	var list []string
	for _, ip := range interleave(ips) {
		list = append(list, net.JoinHostPort(ip.String(), strconv.Itoa(port)))
	}
	return list[:min(len(list), maxAddresses)], nil
}

func (d *Dialer) lookup(ctx context.Context, host string) ([]netip.Addr, error) {
	if ip, err := netip.ParseAddr(host); err == nil {
		return []netip.Addr{ip}, nil
	}
	ctx, cancel := d.patience(ctx, "no answer from the name servers")
	defer cancel()
	ips, err := d.Resolver.LookupNetIP(ctx, strings.Replace(d.Network, "tcp", "ip", 1), host)
	if err != nil && ctx.Err() != nil {
		return nil, context.Cause(ctx)
	}
	if err == nil && len(ips) == 0 {
		err = &net.DNSError{Err: "no address", Name: host, IsNotFound: true}
	}
	return ips, err
}

// patience is a context that ends after Timeout with a cause that says what was waited for.
func (d *Dialer) patience(ctx context.Context, what string) (context.Context, context.CancelFunc) {
	return context.WithTimeoutCause(ctx, d.Timeout, fmt.Errorf("%s within %s: %w", what, d.Timeout, os.ErrDeadlineExceeded))
}

// interleave alternates the address families and begins with the preferred one: RFC 8305 4.
func interleave(ips []netip.Addr) []netip.Addr {
	var first, second, mixed []netip.Addr
	for _, ip := range ips {
		ip = ip.Unmap()
		if ip.Is4() == ips[0].Unmap().Is4() {
			first = append(first, ip)
		} else {
			second = append(second, ip)
		}
	}
	for i := range max(len(first), len(second)) {
		mixed = append(mixed, first[min(i, len(first)):min(i+1, len(first))]...)
		mixed = append(mixed, second[min(i, len(second)):min(i+1, len(second))]...)
	}
	return mixed
}

// stateOfLookup tells a name that does not exist from name servers that do not answer.
func stateOfLookup(err error) State {
	if dns, ok := errors.AsType[*net.DNSError](err); ok && dns.IsNotFound {
		return Refused
	}
	return Deferred
}
