package cmd_test

import (
	"fmt"
	"os"
	"runtime"
	"runtime/debug"
	"slices"
	"sync"
	"testing"
	"time"
)

// transfers are those that the engine treats differently. With one recipient more travels in the
// first flight; a message of more than a chunk is refused or accepted in pieces.
var transfers = []transfer{
	{false, 1, 0}, {false, 3, 0}, {true, 1, 0}, {true, 3, 0}, {false, 1, manyRecords}, {true, 1, manyChunks},
}

// Octets of messages that are more than is written at once, and than one chunk of BDAT.
const (
	manyRecords = 80 << 10
	manyChunks  = 1<<20 + 16<<10
)

// A point is one place of the walk.
type point struct {
	transfer
	cut
}

// TestEveryCutPoint breaks the connection behind each octet of a session, in either direction and
// in two ways, and asks each time whether exit status, receipt, log and store agree. Up to MAIL all
// sessions are the same, so that one of them stands for all there.
//
// That takes a minute or two. Without CI in the environment, and under the race detector, only the
// ends of lines and records are visited with the octets around them: in the midst of a record,
// nothing that arrives makes a difference to a receiver. Of large messages that is done with the end.
func TestEveryCutPoint(t *testing.T) {
	everywhere := os.Getenv("CI") != "" && !raceDetector()
	if !everywhere {
		t.Log("only around the ends of lines and TLS records: CI is not set, or the race detector is slow")
	}
	walkers := make([]*mailer, runtime.GOMAXPROCS(0)+1)
	for i := range walkers {
		walkers[i] = newMailer(t)
	}
	var points []point
	for i, x := range transfers {
		points = append(points, walkers[0].points(x, i == 0, everywhere && x.octets == 0)...)
	}
	began := time.Now()
	ends := walk(walkers, points)
	t.Logf("%d sessions in %v", len(points), time.Since(began).Round(time.Second))
	for _, x := range transfers {
		for _, end := range []string{"deferred, 0 stored", "uncertain, 0 stored", "uncertain, 1 stored", "accepted, 1 stored"} {
			if ends[x][end] == 0 && !t.Failed() {
				t.Errorf("%v: no session ended %s, so that the walk proves nothing: %v", x, end, ends[x])
			}
		}
	}
}

func raceDetector() bool {
	build, _ := debug.ReadBuildInfo()
	return slices.Contains(build.Settings, debug.BuildSetting{Key: "-race", Value: "true"})
}

// walk visits all points and counts how sessions end.
func walk(walkers []*mailer, points []point) map[transfer]map[string]int {
	ends := map[transfer]map[string]int{}
	for _, p := range points {
		ends[p.transfer] = map[string]int{}
	}
	var mu sync.Mutex
	var group sync.WaitGroup
	for i, m := range walkers {
		group.Go(func() {
			for n := i; n < len(points) && !m.t.Failed(); n += len(walkers) {
				end := m.visit(points[n])
				mu.Lock()
				ends[points[n].transfer][end]++
				mu.Unlock()
			}
		})
	}
	group.Wait()
	return ends
}

// visit breaks one session.
func (m *mailer) visit(p point) string {
	m.proxy.plan.Store(&p.cut)
	w, _, said := m.run(m.call(p.transfer))
	if why := w.contradiction(); why != "" {
		m.t.Errorf("%v, %v after %d octets %v: %s: %v\n%s", p.transfer, p.ending, p.after, p.direction, why, w, said)
	}
	os.Remove(m.logFile()) // or it would be read thousands of times
	return fmt.Sprintf("%s, %d stored", w.state, w.stored)
}

// points names the places at which a session is to be broken: from its beginning, or from MAIL on.
func (m *mailer) points(x transfer, fromBeginning, everywhere bool) []point {
	var from [2]int64
	m.on("Authentication successful", func() { from = m.proxy.current.Load().counts() })
	m.proxy.plan.Store(&uncut)
	w, whole, said := m.run(m.call(x))
	if w.status != 0 || w.contradiction() != "" {
		m.t.Fatalf("%v, uncut: %v: %s", x, w, said)
	}
	if fromBeginning {
		from = [2]int64{}
	}
	var points []point
	for _, d := range []direction{toServer, toClient} {
		stream := whole.passed[d].Bytes()
		from[d] = max(from[d], int64(len(stream)-lastOctets))
		for _, n := range places(stream, around[d], everywhere) {
			if n >= from[d] {
				points = append(points, point{x, cut{d, n, reset}}, point{x, cut{d, n, halfClose}})
			}
		}
	}
	return points
}

// lastOctets are those of a large message that are walked: the end of its first chunk is among them.
const lastOctets = 32 << 10

// around is how many octets before and behind an end are visited. What the server sends varies in
// length by one or two: signatures do.
var around = [2]int64{toServer: 2, toClient: 4}

// places are offsets at which a stream can be cut, up to where it is whole: all of them, or those
// around the ends of lines and records.
func places(stream []byte, around int64, everywhere bool) []int64 {
	centers := append(boundaries(stream), 0)
	if everywhere {
		for n := range int64(len(stream)) {
			centers = append(centers, n)
		}
	}
	var all []int64
	for _, n := range centers {
		for near := max(0, n-around); near <= n+around; near++ {
			all = append(all, near)
		}
	}
	slices.Sort(all)
	return slices.Compact(all)
}

func TestPlaces(t *testing.T) {
	stream := []byte("220 a\r\n\x16\x03\x01\x00\x02ab\x17\x03\x03\x00\x01")
	if got, want := boundaries(stream), []int64{7, 14}; !slices.Equal(got, want) {
		t.Errorf("boundaries at %d, want %d: what is not whole has none", got, want)
	}
	if got, want := places(stream, 1, false), []int64{0, 1, 6, 7, 8, 13, 14, 15}; !slices.Equal(got, want) {
		t.Errorf("places %d, want %d", got, want)
	}
	if got := places(stream, 1, true); len(got) != len(stream)+1 {
		t.Errorf("%d places, want one behind each of %d octets and one at the start: %d", len(got), len(stream), got)
	}
}
