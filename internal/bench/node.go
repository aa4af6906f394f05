package bench

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net/netip"
	"os"
	"strings"
	"sync"
	"time"

	"github.com/aceno-chat/aceno/internal/app"
	"github.com/aceno-chat/aceno/internal/config"
	"github.com/aceno-chat/aceno/internal/platform/ident"
	"github.com/aceno-chat/aceno/internal/visitor"
)

// NodeCommand is `aceno bench-node`: a server that also takes orders on its standard input, to fill the grid with more visitors than a
// process may have sockets. It is for the bench alone.
//
//	feed ACCOUNT SITE N   fills the account's table with N visitors and answers "fed"
//	change RATE           makes RATE of them change their page every second; 0 ends that
type NodeCommand struct {
	config.Server `embed:""`
}

// stopWithin bounds the node's farewells.
const stopWithin = 10 * time.Second

// Run serves until the process is told to stop.
func (c *NodeCommand) Run(ctx context.Context) error {
	node, err := app.New(ctx, c.Server, app.Options{Logger: c.Logger()})
	if err != nil {
		return fmt.Errorf("bench: %w", err)
	}
	stop := func() error {
		end, cancel := context.WithTimeout(context.WithoutCancel(ctx), stopWithin)
		defer cancel()
		return node.Stop(end) //nolint:wrapcheck // it says everything
	}
	if err := node.Start(ctx); err != nil {
		return errors.Join(err, stop())
	}
	token, err := node.PrepareSetup(ctx)
	if err != nil {
		return errors.Join(err, stop())
	}
	tellf(os.Stdout, "/setup#token=%s\n", token)
	f := &feeder{sink: node.Sink(), luck: rand.New(rand.NewPCG(1, 1)), now: time.Now} //nolint:gosec // load needs no secrets
	orders := make(chan string)
	go func() { // ends with the process: a read from standard input cannot be interrupted
		lines := bufio.NewScanner(os.Stdin)
		for lines.Scan() {
			orders <- lines.Text()
		}
	}()
	f.obey(ctx, orders, os.Stdout)
	return stop()
}

// feeder tells a sink of visitors who do not exist.
type feeder struct {
	sink   visitor.Sink
	luck   *rand.Rand
	now    func() time.Time
	visits []*visitor.Visit
	last   int64 // number given
	// account and site they belong to.
	account, site string

	changing sync.WaitGroup
}

// firstNumber is above those of real visitors.
const firstNumber = 1_000_000_000

// obey carries out orders until ctx ends.
func (f *feeder) obey(ctx context.Context, orders <-chan string, answers io.Writer) {
	stop := func() {}
	defer func() { stop(); f.changing.Wait() }()
	for {
		select {
		case <-ctx.Done():
			return
		case order := <-orders:
			words := strings.Fields(order)
			n := 0
			if len(words) == 0 {
				continue
			}
			if _, err := fmt.Sscan(words[len(words)-1], &n); err != nil || n < 0 {
				tellf(answers, "not understood: %q\n", order)
				continue
			}
			switch {
			case words[0] == "feed" && len(words) == 4:
				f.feed(words[1], words[2], n)
				tellf(answers, "fed\n")
			case words[0] == "change" && len(words) == 2:
				stop()
				f.changing.Wait()
				life, end := context.WithCancel(ctx)
				stop = end
				f.changing.Go(func() { f.change(life, n) })
			default:
				tellf(answers, "not understood: %q\n", order)
			}
		}
	}
}

// feed brings n visitors.
func (f *feeder) feed(account, site string, n int) {
	f.account, f.site = account, site
	for range n {
		v := f.arrive(time.Duration(f.luck.Int64N(int64(time.Hour))))
		f.visits = append(f.visits, v)
		f.sink.VisitChanged(v)
	}
}

// changeEvery is the step in which changes are made.
const changeEvery = 5 * time.Millisecond

// change makes changes at a mean rate: nine in ten go to another page, the others leave and are replaced, or only move.
func (f *feeder) change(ctx context.Context, perSecond int) {
	ticker := time.NewTicker(changeEvery)
	defer ticker.Stop()
	begin, done := time.Now(), 0
	for {
		select {
		case <-ctx.Done():
			return
		case <-ticker.C:
		}
		for due := int(time.Since(begin).Seconds() * float64(perSecond)); done < due && len(f.visits) > 0; done++ {
			f.changeOne()
		}
	}
}

func (f *feeder) changeOne() {
	i := f.luck.IntN(len(f.visits))
	v := f.visits[i]
	now := f.now()
	switch f.luck.IntN(20) {
	case 0:
		f.sink.VisitLeft(v)
		v = f.arrive(0)
	case 1:
		moved := *v
		moved.ActivityAt = now.UnixMilli()
		v = &moved
	default:
		moved := *v
		moved.PageURL, moved.PageTitle = f.page(now)
		moved.PageAt, moved.ActivityAt = now.UnixMilli(), now.UnixMilli()
		moved.Pages++
		v = &moved
	}
	f.visits[i] = v
	f.sink.VisitChanged(v)
}

// stamp stands in a title before the time of the page change, in microseconds: the panels read from it how long it took to reach them.
const stamp = " · "

func (f *feeder) page(now time.Time) (url, title visitor.Text) {
	n := f.luck.IntN(400)
	return visitor.Intern(fmt.Sprintf("https://bench.example/p/%d", n)), visitor.Intern(fmt.Sprintf("Produto %d%s%d", n, stamp, now.UnixMicro()))
}

// one draws from a list.
func one[T any](luck *rand.Rand, list ...T) T { return list[luck.IntN(len(list))] }

// arrive makes a visitor who came a while ago.
func (f *feeder) arrive(ago time.Duration) *visitor.Visit {
	now := f.now()
	then := now.Add(-ago).UnixMilli()
	f.last++
	text := visitor.Intern
	url, title := f.page(now)
	return &visitor.Visit{
		Arrival: &visitor.Arrival{
			Number: firstNumber + f.last, ID: ident.V7{}.New(), AccountID: f.account, SiteID: f.site, VisitorID: ident.V7{}.New(),
			StartedAt: then, Visits: int32(1 + f.luck.IntN(5)),
			IP:      netip.AddrFrom4([4]byte{177, byte(f.luck.IntN(256)), byte(f.luck.IntN(256)), byte(f.luck.IntN(256))}),
			Country: text(one(f.luck, "BR", "BR", "BR", "BR", "PT", "AR", "US", "UY")), Region: text(one(f.luck, "", "São Paulo", "Bahia", "Paraná")),
			City:     text(one(f.luck, "", "Campinas", "Salvador", "Curitiba", "Recife", "Manaus")),
			EntryURL: url, EntryTitle: title, Referrer: text(one(f.luck, "", "https://www.google.com/", "https://l.instagram.com/")),
			ReferrerKind: one(f.luck, visitor.ReferrerDirect, visitor.ReferrerSearch, visitor.ReferrerSocial),
			ReferrerName: text(one(f.luck, "", "Google", "Instagram")), UTMSource: text(one(f.luck, "", "", "google", "newsletter")),
			Browser: text(one(f.luck, "Chrome", "Safari", "Firefox", "Edge")), System: text(one(f.luck, "Android", "Windows", "iOS", "macOS")),
			Device:   text(one(f.luck, visitor.DevicePhone, visitor.DevicePhone, visitor.DeviceDesktop, visitor.DeviceTablet)),
			Language: text(one(f.luck, "pt-BR", "pt-PT", "es-AR", "en-US")), TimeZone: text("America/Sao_Paulo"),
			Screen: text(one(f.luck, "1366x768", "1920x1080", "390x844")),
		},
		PageURL: url, PageTitle: title, PageAt: then, ActivityAt: then, Pages: int32(1 + f.luck.IntN(12)),
	}
}
