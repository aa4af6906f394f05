package visitor

import (
	"fmt"
	"net/netip"
	"runtime"
	"testing"

	"github.com/aceno-chat/aceno/internal/platform/clock"
	"github.com/aceno-chat/aceno/internal/platform/geo"
	"github.com/aceno-chat/aceno/internal/platform/secret"
)

type noGrid struct{}

func (noGrid) VisitChanged(*Visit) {}
func (noGrid) VisitLeft(*Visit)    {}

type noConnection struct{}

func (noConnection) Send([]byte) bool  { return true }
func (noConnection) Close(int, string) {}
func (noConnection) Greeted()          {}

func newBenchmark(b *testing.B) *Live {
	b.Helper()
	places, err := geo.Open("")
	if err != nil {
		b.Fatal(err)
	}
	l := New(Options{Sites: sites{shop}, Places: places, Box: secret.New(make([]byte, 32)), Records: &fakeRecords{}, Clock: clock.System{}})
	l.sink, l.conversations = noGrid{}, &fakeTalks{}
	return l
}

func benchTab(l *Live, i int) *Tab {
	return &Tab{live: l, origin: &Origin{
		Site: shop, UserAgent: chrome, Page: "https://shop.example", IP: netip.AddrFrom4([4]byte{200, byte(i >> 16), byte(i >> 8), byte(i)}),
	}}
}

func benchHello(i int) []byte {
	return fmt.Appendf(nil, `{"t":"hello","tab":"0197a5b2%08x","url":"https://shop.example/category-%d/product-%d.html","title":"Product %d of the shop",`+
		`"referrer":"https://www.google.com/","language":"pt-BR","screen":"1366x768","time_zone":"America/Sao_Paulo","hidden":false,"monitoring":true,`+
		`"resumed":false}`, i, i%40, i%2000, i%2000)
}

// BenchmarkHello is a connection's way from its first frame to the welcome, and its end.
func BenchmarkHello(b *testing.B) {
	l := newBenchmark(b)
	b.ReportAllocs()
	i := 0
	for b.Loop() {
		i++
		tab := benchTab(l, i)
		l.frame(tab, noConnection{}, benchHello(i))
		tab.Close()
	}
}

// BenchmarkPage is a page change over an open connection.
func BenchmarkPage(b *testing.B) {
	l := newBenchmark(b)
	tabs := make([]*Tab, 10_000)
	for i := range tabs {
		tabs[i] = benchTab(l, i)
		l.frame(tabs[i], noConnection{}, benchHello(i))
	}
	b.ReportAllocs()
	i := 0
	for b.Loop() {
		i++
		tab := tabs[i%len(tabs)]
		l.frame(tab, noConnection{}, fmt.Appendf(nil, `{"t":"page","url":"https://shop.example/category-%d","title":"Category %d","referrer":""}`, i%40, i%40))
	}
}

// BenchmarkMemory reports what an idle visit with its connection's part holds.
func BenchmarkMemory(b *testing.B) {
	const visits = 50_000
	var before, after runtime.MemStats
	var counted int64
	for b.Loop() {
		l := newBenchmark(b)
		l.frame(benchTab(l, 0), noConnection{}, benchHello(0))
		runtime.GC()
		runtime.ReadMemStats(&before)
		for i := range visits {
			l.frame(benchTab(l, i), noConnection{}, benchHello(i))
		}
		runtime.GC()
		runtime.ReadMemStats(&after)
		counted = l.Load().Bytes
		runtime.KeepAlive(l)
	}
	b.ReportMetric(float64(after.HeapAlloc-before.HeapAlloc)/visits, "B/visit")
	b.ReportMetric(float64(counted)/visits, "counted-B/visit")
}
