package edge

import (
	"testing"

	"golang.org/x/sys/unix"
)

// An event that was fetched before its connection went must not reach the next owner of the slot.
func TestRegistry_StaleEventsReachNobody(t *testing.T) {
	g := newRegistry()
	former, present := &Conn{id: 1, courtesy: true}, &Conn{id: 2}
	g.add(former)
	events := []unix.EpollEvent{{Fd: former.slot, Pad: 1}, {Fd: former.slot, Pad: 2}}
	g.remove(former)
	if got := g.ready(events[:1], nil); got[0] != nil {
		t.Fatal("an event reached an empty slot")
	}
	g.add(present)
	if got := g.ready(events, nil); got[0] != nil || got[1] != present {
		t.Fatalf("%v", got)
	}
}
