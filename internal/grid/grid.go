package grid

import (
	"net/netip"
	"sync"

	"github.com/aceno-chat/aceno/internal/platform/clock"
	"github.com/aceno-chat/aceno/internal/visitor"
)

// Visits gives the details of one visit. visitor.Live does it.
type Visits interface {
	// Follow calls fn at once and at every change, until stop is called or gone was told; false when there is no such visit.
	// fn must return at once. Stop may be called after gone.
	Follow(accountID, visitID string, fn func(d visitor.Detail, gone bool)) (stop func(), ok bool)
}

// Options of the tables.
type Options struct {
	// Clock tells the time; the machine's when nil.
	Clock clock.Clock
	// Visits is needed for Panel.Follow.
	Visits Visits
	// Crowd returns who is online but not in the table: bots, and those above the account's limit. Nil: nobody.
	Crowd func(accountID string) (bots, notShown int)
	// Blocked says whether an account has blocked an address. It is asked when a visit comes and at BlocksChanged, under a lock: it
	// must answer at once and not call back into the grid. Nil: nobody is.
	Blocked func(accountID string, address netip.Addr) bool

	group *sync.WaitGroup
	// byHand leaves the flushing to the tests.
	byHand bool
}

// Tables holds the tables of all accounts. It implements visitor.Sink.
type Tables struct {
	options Options
	mu      sync.RWMutex
	tables  map[string]*table // by account
	group   sync.WaitGroup
}

var _ visitor.Sink = (*Tables)(nil)

// New returns empty tables.
func New(options Options) *Tables {
	if options.Clock == nil {
		options.Clock = clock.System{}
	}
	t := &Tables{options: options, tables: make(map[string]*table)}
	t.options.group = &t.group
	return t
}

func (t *Tables) table(accountID string) *table {
	t.mu.RLock()
	found := t.tables[accountID]
	t.mu.RUnlock()
	if found != nil {
		return found
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.tables[accountID] == nil {
		t.tables[accountID] = newTable(accountID, t.options)
	}
	return t.tables[accountID]
}

// VisitChanged shows the newest state of a visit.
func (t *Tables) VisitChanged(v *visitor.Visit) { t.table(v.AccountID).visitChanged(v) }

// VisitLeft takes a visit out.
func (t *Tables) VisitLeft(v *visitor.Visit) { t.table(v.AccountID).visitLeft(v) }

// SetConversation tells what a visitor's conversation is like now. It replaces what was told before; the zero Overlay is no
// conversation. For visitors who are not there only open conversations are remembered, for when they come. It panics on an
// Overlay.State that no conversation has.
func (t *Tables) SetConversation(accountID, visitorID string, o Overlay) {
	if err := o.check(); err != nil {
		panic(err)
	}
	t.table(accountID).setConversation(visitorID, o)
}

// SetOutreach tells what was sent to a visitor last. It replaces what was told before; visitors who are not there are ignored.
func (t *Tables) SetOutreach(accountID, visitorID string, o Outreach) {
	t.table(accountID).setOutreach(visitorID, o)
}

// SetLead tells whether a visitor is a lead; the zero Lead takes the mark away. Visitors who are not there are ignored.
func (t *Tables) SetLead(accountID, visitorID string, l Lead) {
	t.table(accountID).setLead(visitorID, l)
}

// SetNames tells the names of an account's sites, departments and agents by id. They replace those told before. People sort and
// search by them.
func (t *Tables) SetNames(accountID string, names map[string]string) {
	t.table(accountID).setNames(names)
}

// BlocksChanged asks again for everybody whether their addresses are blocked.
func (t *Tables) BlocksChanged(accountID string) { t.table(accountID).blocksChanged() }

// Counts returns the exact numbers of an account.
func (t *Tables) Counts(accountID string) Counts { return t.table(accountID).countsNow() }

// Count returns how many visitors of the account are on its sites and in its table, whatever they do.
func (t *Tables) Count(accountID string) int { return t.Counts(accountID).All }

// Panel returns a connection to an account's table, which watches nothing yet. send gets the frames of docs/protocols.md section 4;
// it must neither wait nor call back into the grid, and may keep the frame.
func (t *Tables) Panel(accountID string, send func(frame []byte)) *Panel {
	return &Panel{table: t.table(accountID), send: send, windows: map[int64]*window{}}
}

// Wait returns when no goroutine of the tables runs any more: after every panel was closed.
func (t *Tables) Wait() { t.group.Wait() }
