//go:build unix

package grid

import (
	"fmt"
	"math/rand/v2"
	"net/netip"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/aceno-chat/aceno/internal/platform/clock"
	"github.com/aceno-chat/aceno/internal/visitor"
)

// The measure of architecture.md, section 5: 50,000 visitors, 2,000 changes a second, 50 panels with different views.
const (
	benchVisits  = 50_000
	benchChanges = 400 // a flush: 2,000 a second
	benchPanels  = 50
	benchLength  = 40
)

// crowd makes the changes of a busy site: of eight, one comes, one goes, three turn a page and three give a sign of life.
type crowd struct {
	tables *Tables
	clock  *clock.Fake
	random *rand.Rand
	next   int64
	here   []*visitor.Visit
	pages  []visitor.Text
	titles []visitor.Text
}

func newCrowd(tables *Tables, fake *clock.Fake) *crowd {
	c := &crowd{tables: tables, clock: fake, random: rand.New(rand.NewPCG(1, 2))}
	for i := range 2000 {
		c.pages = append(c.pages, visitor.Intern(fmt.Sprintf("https://www.shop.example/category-%d/product-%d.html", i%40, i)))
		c.titles = append(c.titles, visitor.Intern(fmt.Sprintf("Product %d of category %d – Shop", i, i%40)))
	}
	for range benchVisits {
		c.come()
	}
	return c
}

func (c *crowd) now() int64 { return clock.Millis(c.clock.Now()) }

func (c *crowd) come() {
	c.next++
	pick := func(list ...string) visitor.Text { return visitor.Intern(list[c.random.IntN(len(list))]) }
	page := c.random.IntN(len(c.pages))
	v := &visitor.Visit{Arrival: &visitor.Arrival{
		Number: c.next, ID: fmt.Sprintf("0197a5b2-6c00-7000-8000-%012x", c.next), VisitorID: fmt.Sprintf("0197a5b2-6c00-7000-9000-%012x", c.next),
		AccountID: "account", SiteID: "0197a5b2-6c00-7000-a000-000000000001", StartedAt: c.now() - c.random.Int64N(300_000), Visits: int32(1 + c.random.IntN(4)),
		IP: netip.AddrFrom4([4]byte{200, byte(c.random.Int()), byte(c.random.Int()), byte(c.random.Int())}), Country: pick("BR", "BR", "BR", "PT", "US", "AR"),
		EntryURL: c.pages[page], EntryTitle: c.titles[page], Referrer: pick("", "https://www.google.com/", "https://l.instagram.com/"),
		ReferrerKind: visitor.ReferrerSearch, ReferrerName: pick("", "Google", "Instagram"), Browser: pick("Chrome 126", "Safari 17", "Firefox 127"),
		System: pick("Windows 10/11", "Android 14", "iOS 17"), Device: pick("desktop", "phone", "phone"), Language: pick("pt-BR", "en-US"),
		TimeZone: pick("America/Sao_Paulo"), Screen: pick("1366x768", "390x844", "1920x1080"),
	}, PageURL: c.pages[page], PageTitle: c.titles[page], PageAt: c.now(), ActivityAt: c.now(), Pages: 1}
	if c.random.IntN(10) == 0 {
		v.Identity = &visitor.Identity{Name: fmt.Sprintf("Maria %d", c.next%500), Email: fmt.Sprintf("maria%d@example.com", c.next)}
	}
	c.here = append(c.here, v)
	c.tables.VisitChanged(v)
}

func (c *crowd) change(i int) {
	at := c.random.IntN(len(c.here))
	v := c.here[at]
	next := *v
	next.ActivityAt = c.now()
	switch i % 8 {
	case 0:
		c.come()
		return
	case 1:
		c.here[at] = c.here[len(c.here)-1]
		c.here = c.here[:len(c.here)-1]
		c.tables.VisitLeft(v)
		return
	case 2, 3, 4:
		page := c.random.IntN(len(c.pages))
		next.PageURL, next.PageTitle, next.PageAt, next.Pages = c.pages[page], c.titles[page], c.now(), v.Pages+1
	}
	c.here[at] = &next
	c.tables.VisitChanged(&next)
}

// benchViews returns different views: every column up and down, with and without filters.
func benchViews() (list []View) {
	by := []string{
		"started_at", "activity_at", "page_at", "pages", "name", "page_url", "page_title", "country", "visits", "n", "state", "ip", "browser",
		"system", "referrer_name", "entry_url", "device", "language", "waiting_since", "conversations", "email", "city", "screen", "time_zone", "identified",
	}
	for i := range benchPanels {
		v := View{Sort: []Sort{{by[i%len(by)], []string{"desc", "asc"}[i/len(by)%2]}}}
		switch i % 6 {
		case 1:
			v.Countries = []string{"PT"}
		case 2:
			v.Text = "product 12"
		case 3:
			v.Devices = []string{"phone"}
		case 4:
			v.Sort = append(v.Sort, Sort{"started_at", "desc"})
		case 5:
			v.MinSecondsOnSite = 60
		}
		list = append(list, v)
	}
	return list
}

func BenchmarkFlush(b *testing.B) {
	fake := clock.NewFake(time.UnixMilli(1_700_000_000_000))
	tables := New(Options{Clock: fake, byHand: true})
	c := newCrowd(tables, fake)
	var sent, frames atomic.Int64
	for _, v := range benchViews() {
		panel := tables.Panel("account", func(frame []byte) {
			sent.Add(int64(len(frame)))
			frames.Add(1)
		})
		b.Cleanup(panel.Close)
		if err := panel.Watch(1, v, Range{Length: benchLength}); err != nil {
			b.Fatal(err)
		}
	}
	table := tables.table("account")
	sent.Store(0)
	frames.Store(0)
	flushes := 0
	var used time.Duration
	b.ReportAllocs()
	for b.Loop() {
		b.StopTimer()
		fake.Advance(FlushEvery)
		for i := range benchChanges {
			c.change(i)
		}
		b.StartTimer()
		before := cpu(b)
		table.flush()
		used += cpu(b) - before
		flushes++
	}
	seconds := float64(flushes) * FlushEvery.Seconds()
	b.ReportMetric(float64(sent.Load())/seconds/benchPanels/1000, "kB/s/panel")
	b.ReportMetric(float64(frames.Load())/float64(flushes), "frames/flush")
	b.ReportMetric(used.Seconds()/seconds*100, "%core")
}

// cpu is the time this process has worked, its collector included: a busy machine does not change it.
func cpu(b *testing.B) time.Duration {
	b.Helper()
	var usage syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &usage); err != nil {
		b.Fatal(err)
	}
	return time.Duration(usage.Utime.Nano() + usage.Stime.Nano())
}

func BenchmarkOpenView(b *testing.B) {
	fake := clock.NewFake(time.UnixMilli(1_700_000_000_000))
	tables := New(Options{Clock: fake, byHand: true})
	newCrowd(tables, fake)
	panel := tables.Panel("account", func([]byte) {})
	defer panel.Close()
	before, opened := cpu(b), 0
	defer func() { b.ReportMetric(float64((cpu(b)-before).Milliseconds())/float64(opened), "cpu-ms/op") }()
	for i := 0; b.Loop(); i++ {
		opened++
		fake.Advance(FlushEvery)
		if err := panel.Watch(1, View{Sort: []Sort{{"page_url", "asc"}}, Text: fmt.Sprint("product ", i%10)}, Range{Length: benchLength}); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkOpenViews opens the fifty views one after another, as panels do after a restart.
func BenchmarkOpenViews(b *testing.B) {
	fake := clock.NewFake(time.UnixMilli(1_700_000_000_000))
	tables := New(Options{Clock: fake, byHand: true})
	newCrowd(tables, fake)
	panel := tables.Panel("account", func([]byte) {})
	defer panel.Close()
	views := benchViews()
	before, opened := cpu(b), 0
	defer func() { b.ReportMetric(float64((cpu(b)-before).Milliseconds())/float64(opened), "cpu-ms/op") }()
	for b.Loop() {
		fake.Advance(FlushEvery)
		if err := panel.Watch(1, views[opened%len(views)], Range{Length: benchLength}); err != nil {
			b.Fatal(err)
		}
		opened++
	}
}
