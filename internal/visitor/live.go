package visitor

import (
	"context"
	"hash/maphash"
	"log/slog"
	"net/http"
	"net/netip"
	"sync"
	"sync/atomic"
	"time"

	"github.com/aceno-chat/aceno/internal/platform/clock"
	"github.com/aceno-chat/aceno/internal/platform/geo"
	"github.com/aceno-chat/aceno/internal/platform/ident"
	"github.com/aceno-chat/aceno/internal/platform/secret"
	"github.com/aceno-chat/aceno/internal/site"
)

// Sites finds the sites that visitors come from. It answers from memory: it is asked at every connection.
type Sites interface {
	ByKey(ctx context.Context, key string) (site.Site, bool)
	ByID(id string) (site.Site, bool)
}

// Places tells where addresses are; geo.DB does it.
type Places interface {
	Lookup(addr netip.Addr) geo.Place
}

// Conversations is what visits mean to conversations and outreach, and what visitors say to them by socket. Typing, Seen,
// Acknowledged, Departed and Returned are called one after another for one visitor and may wait a little.
type Conversations interface {
	// Open returns what the visitor is told of the open conversation on the site: {id, state, unread}. It should not wait.
	Open(ctx context.Context, accountID, visitorID, siteID string) (summary any, ok bool)
	// Typing: the visitor is writing text (≤ 500 characters); empty is the end of it.
	Typing(ctx context.Context, accountID, visitorID, conversationID, text string)
	// Seen: the visitor has read up to this visitor sequence.
	Seen(ctx context.Context, accountID, visitorID, conversationID string, sequence int64)
	// Outreach returns the frame of what was sent to the visitor and has no answer, for a page that has just opened. It must not wait.
	Outreach(visitorID string) (frame any, ok bool)
	// Acknowledged: the page says how far a delivery has come.
	Acknowledged(ctx context.Context, accountID, visitorID, deliveryID, state string)
	// Talking says whether the visitor has an open conversation; true when that can't be known. It must not wait for the database.
	Talking(ctx context.Context, accountID, visitorID string) bool
	// Departed: the visit is over.
	Departed(ctx context.Context, accountID, visitorID string)
	// Returned: somebody known is back in a new visit, or after our restart.
	Returned(ctx context.Context, accountID, visitorID string)
}

// Connection is a visitor's connection as this package needs it; *edge.Conn is one.
type Connection interface {
	// Send queues a frame without waiting; false when the connection is over.
	Send(frame []byte) bool
	Close(code int, reason string)
	// Greeted tells that the hello came.
	Greeted()
}

// Options of Live. A zero field takes the default written beside it.
type Options struct {
	Sites   Sites
	Places  Places
	Box     *secret.Box
	Records Records
	Clock   clock.Clock     // the machine's
	IDs     ident.Generator // UUIDv7
	Logger  *slog.Logger    // nothing is logged
	// ClientAddr returns the visitor's address, from X-Forwarded-For only behind trusted proxies.
	ClientAddr func(*http.Request) netip.Addr
	// Online says whether somebody attends the account's visitors now: nobody.
	Online func(accountID string) bool

	// Blocked says whether an account has blocked an address. It is asked under a lock, for visitors who have not agreed to be known: it
	// must answer at once. Nil: nobody is.
	Blocked func(accountID string, address netip.Addr) bool

	// Met is told what the page was asked to watch for and happened, with the page view it was asked on. It must return at once;
	// nil: nobody asks.
	Met func(visitorID, id string, page int32)

	// MaxShown is how many visits of one account the grid shows; those above are counted as not shown: 100,000 (T049).
	MaxShown int
	// NewPerNetwork is how many new visits one network (an IPv4 address, an IPv6 /64) may begin at once, and again within the 20 s after:
	// 600; negative is no bound. More are refused with rate_limited.
	NewPerNetwork int
	// Memory is how many bytes all visits may hold, by estimate. Above, visits are ended, those without an open page first, never those
	// with an open conversation; when that is not enough new ones are refused with unavailable: 256 MiB; negative is no bound.
	Memory int64
	// MaxVisits is how many visits this node holds; above, new visitors are refused with unavailable: 1,000,000.
	MaxVisits int
	// Grace is how long after the last page a visit is over: 15 s.
	Grace time.Duration
	// IdleAfter is the time without activity until a visitor is idle: 5 min.
	IdleAfter time.Duration
	// WriteEvery is the time between two writes of finished visits: 5 s.
	WriteEvery time.Duration
}

func (o Options) withDefaults() Options {
	if o.Clock == nil {
		o.Clock = clock.System{}
	}
	if o.IDs == nil {
		o.IDs = ident.V7{}
	}
	if o.Logger == nil {
		o.Logger = slog.New(slog.DiscardHandler)
	}
	if o.ClientAddr == nil {
		o.ClientAddr = func(*http.Request) netip.Addr { return netip.Addr{} }
	}
	if o.Online == nil {
		o.Online = func(string) bool { return false }
	}
	byDefault(&o.MaxShown, 100_000)
	byDefault(&o.MaxVisits, 1_000_000)
	byDefault(&o.NewPerNetwork, newPerNetwork)
	byDefault(&o.Memory, 256<<20)
	byDefault(&o.Grace, 15*time.Second)
	byDefault(&o.IdleAfter, 5*time.Minute)
	byDefault(&o.WriteEvery, 5*time.Second)
	return o
}

func byDefault[T int | int64 | time.Duration](field *T, value T) {
	if *field == 0 {
		*field = value
	}
}

// Live holds the visits of this node. It is safe for concurrent use.
type Live struct {
	options       Options
	sink          Sink
	conversations Conversations
	startedAt     int64

	seed     maphash.Seed
	shards   [shardCount]shard
	places   [shardCount]directory
	accounts accounts
	visits   atomic.Int64
	browsers browsers
	pace     pace
	budget   budget
	journal  journal
	signals  signals

	stop       context.CancelFunc
	background sync.WaitGroup
}

// shardCount divides the visitors so that connections rarely wait for each other; a power of two.
const shardCount = 64

// shard holds the visits of some visitors.
type shard struct {
	mu       sync.Mutex
	visitors map[string]*visit // by visitor
	due      deadlines
	// followers is by visit; few visits are followed.
	followers map[string][]*follower
}

// directory finds visits by their own id.
type directory struct {
	mu     sync.RWMutex
	visits map[string]*visit
}

// Stats are the numbers of an account on this node.
type Stats struct {
	// Visits is everybody: shown, bots, and those not shown.
	Visits int
	// Shown is how many are in the grid.
	Shown int
	// NotShown is how many more would be, but for Options.MaxShown.
	NotShown int
	Bots     int
	// Unmonitored is how many are only on pages that turn monitoring off.
	Unmonitored int
}

// New returns a Live that holds nobody. Start it before the first connection.
func New(o Options) *Live {
	l := &Live{options: o.withDefaults(), seed: maphash.MakeSeed()}
	for i := range l.shards {
		l.shards[i].visitors = make(map[string]*visit)
		l.places[i].visits = make(map[string]*visit)
	}
	l.startedAt = l.now()
	l.journal.records, l.journal.logger = l.options.Records, l.options.Logger
	l.journal.room, l.journal.hurry = maxWaitingBytes, make(chan struct{}, 1)
	l.pace.burst, l.pace.logger = max(l.options.NewPerNetwork, 0), l.options.Logger
	l.budget.limit, l.budget.logger = max(l.options.Memory, 0), l.options.Logger
	if l.budget.limit > 0 {
		l.journal.room = min(l.journal.room, l.budget.limit/4)
	}
	l.signals.init()
	return l
}

// Start begins to watch the deadlines and to write finished visits. sink shows the visits, conversations hears of visitors.
func (l *Live) Start(sink Sink, conversations Conversations) {
	l.sink, l.conversations = sink, conversations
	ctx, stop := context.WithCancel(context.Background())
	l.stop = stop
	l.background.Go(func() { l.sweepUntil(ctx) })
	l.background.Go(func() { l.journal.run(ctx, l.options.WriteEvery) })
	l.signals.start(ctx, &l.background, conversations)
}

// Stop ends what Start began and writes the visits, also those that are not over: they go on after a restart. Call it when the
// connections are closed. The error is of that write.
func (l *Live) Stop(ctx context.Context) error {
	l.stop()
	l.background.Wait()
	now := l.now()
	for i := range l.shards {
		sh := &l.shards[i]
		sh.mu.Lock()
		for _, v := range sh.visitors {
			l.record(v, now)
		}
		sh.mu.Unlock()
	}
	return l.journal.write(ctx)
}

func (l *Live) now() int64 { return clock.Millis(l.options.Clock.Now()) }

func (l *Live) shard(visitorID string) *shard {
	return &l.shards[maphash.String(l.seed, visitorID)%shardCount]
}

func (l *Live) directory(visitID string) *directory {
	return &l.places[maphash.String(l.seed, visitID)%shardCount]
}

// Stats returns the numbers of an account.
func (l *Live) Stats(accountID string) Stats {
	a := l.accounts.of(accountID)
	return Stats{
		Visits: int(a.visits.Load()), Shown: int(a.shown.Load()), NotShown: int(a.crowded.Load()),
		Bots: int(a.bots.Load()), Unmonitored: int(a.unmonitored.Load()),
	}
}

// Crowd returns the numbers that the grid shows beside its own.
func (l *Live) Crowd(accountID string) (bots, notShown int) {
	a := l.accounts.of(accountID)
	return int(a.bots.Load()), int(a.crowded.Load())
}

// find returns the visit with this id, when it is of the account.
func (l *Live) find(accountID, visitID string) *visit {
	d := l.directory(visitID)
	d.mu.RLock()
	v := d.visits[visitID]
	d.mu.RUnlock()
	if v == nil || v.accountID() != accountID {
		return nil
	}
	return v
}

// Visit returns a visit with its pages, false when it is over or of another account.
func (l *Live) Visit(accountID, visitID string) (Detail, bool) {
	v := l.find(accountID, visitID)
	if v == nil {
		return Detail{}, false
	}
	v.shard.mu.Lock()
	defer v.shard.mu.Unlock()
	return v.detail(), !v.over
}

// Present returns the present visit of a visitor, false when there is none.
func (l *Live) Present(visitorID string) (*Visit, bool) {
	sh := l.shard(visitorID)
	sh.mu.Lock()
	defer sh.mu.Unlock()
	if v := sh.visitors[visitorID]; v != nil {
		return v.state, true
	}
	return nil, false
}

// Online says whether the visitor has a page open, or had one within the grace time.
func (l *Live) Online(visitorID string) bool {
	_, ok := l.Present(visitorID)
	return ok
}

// Snapshot returns the visits of an account that the grid shows, in no order.
func (l *Live) Snapshot(accountID string) []*Visit {
	var list []*Visit
	for i := range l.shards {
		sh := &l.shards[i]
		sh.mu.Lock()
		for _, v := range sh.visitors {
			if v.shown && v.accountID() == accountID {
				list = append(list, v.state)
			}
		}
		sh.mu.Unlock()
	}
	return list
}

// BlocksChanged asks again whether the addresses of an account's limited visits are blocked.
func (l *Live) BlocksChanged(accountID string) {
	now := l.now()
	for i := range l.shards {
		sh := &l.shards[i]
		sh.mu.Lock()
		for _, v := range sh.visitors {
			if v.accountID() == accountID && v.state.Limited && v.barred() != v.state.Barred {
				v.settle(now)
			}
		}
		sh.mu.Unlock()
	}
}

// Push sends a frame to all connections of a visitor and returns how many took it.
func (l *Live) Push(visitorID string, frame []byte) int {
	sh := l.shard(visitorID)
	sh.mu.Lock()
	var connections []Connection
	if v := sh.visitors[visitorID]; v != nil {
		connections = v.connections(nil)
	}
	sh.mu.Unlock()
	return sendAll(connections, frame)
}

// PushToOne sends a frame to one page of a visitor, the visible one that was active last, and says whether it took it.
func (l *Live) PushToOne(visitorID string, frame []byte) bool {
	sh := l.shard(visitorID)
	sh.mu.Lock()
	var one *Tab
	if v := sh.visitors[visitorID]; v != nil {
		if one = v.receiver(); one != nil {
			v.receiving = one.id
		}
	}
	sh.mu.Unlock()
	return one != nil && one.conn.Send(frame)
}

// Tell sends a frame to the page that the visit's state speaks of: the monitored one that was active last.
func (l *Live) Tell(visitorID string, frame []byte) bool {
	sh := l.shard(visitorID)
	sh.mu.Lock()
	var front *Tab
	if v := sh.visitors[visitorID]; v != nil {
		front = v.front()
	}
	sh.mu.Unlock()
	return front != nil && front.conn != nil && front.conn.Send(frame)
}

// Broadcast sends a frame to all connections of an account and returns how many took it.
func (l *Live) Broadcast(accountID string, frame []byte) int {
	sent := 0
	var connections []Connection
	for i := range l.shards {
		sh := &l.shards[i]
		connections = connections[:0]
		sh.mu.Lock()
		for _, v := range sh.visitors {
			if v.accountID() == accountID {
				connections = v.connections(connections)
			}
		}
		sh.mu.Unlock()
		sent += sendAll(connections, frame)
	}
	return sent
}

func sendAll(connections []Connection, frame []byte) int {
	sent := 0
	for _, c := range connections {
		if c.Send(frame) {
			sent++
		}
	}
	return sent
}
