package history

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/aceno-chat/aceno/internal/platform/store"
)

// Options say what is filled in.
type Options struct {
	// AccountID is whose past it is. The account has a site, a department and an agent already; each of them is used in turn.
	AccountID string
	// Conversations is how many there are to be.
	Conversations int
	// Now is the moment before which all has ended. The conversations spread evenly over the 400 days before; one in 25, at most
	// 20,000, ended today.
	Now time.Time
	// Progress is told after each bite how many conversations are done; it may be nil.
	Progress func(done, of int)
}

// Result counts the rows that were written, by table.
type Result struct{ Rows map[string]int64 }

// ErrPast is returned for an account that has conversations or rooms of the team chat, and for a database that was filled before.
var ErrPast = errors.New("history: the account has a past already")

const (
	// LoyalEmail is the address of the visitor who had one in a hundred of all conversations, at most 5,000.
	LoyalEmail = "fiel@example.com"
	// LoyalVisitor is that visitor's identifier.
	LoyalVisitor = "01900001-0000-7000-8000-000000000000"

	// bite is how many conversations one transaction makes.
	bite = 20_000
	// days is how far the past reaches back.
	days = 400
	// todayMost and todayShare say how many conversations ended today.
	todayMost, todayShare = 20_000, 25
	// loyalMost is how many conversations one visitor has at most, loyalShare one of how many are that visitor's.
	loyalMost, loyalShare = 5000, 100
	// perVisitor is how many conversations the other visitors have.
	perVisitor = 5
	// openRequests is among how many of the newest conversations the requests for contact are still open: one in ten has one.
	openRequests = 3000
)

// Fill writes the past. It may be interrupted between two bites; what was written until then stays.
// Errors: ErrPast; others say which table could not be filled.
func Fill(ctx context.Context, st *store.Store, o Options) (Result, error) {
	result := Result{Rows: map[string]int64{}}
	if o.Conversations < 1 {
		return result, nil
	}
	a, err := look(ctx, st.Read(), o.AccountID)
	if err != nil {
		return result, err
	}
	pieces := timeline(o.Conversations, o.Now.In(a.zone), a.number)
	done := 0
	write := func(steps []step, b portion) error {
		var written map[string]int64
		err := st.Write(store.InLane(ctx, o.AccountID), func(ctx context.Context, tx *store.Tx) (err error) {
			written, err = run(ctx, tx, steps, b)
			return err
		})
		for table, n := range written {
			result.Rows[table] += n
		}
		return err
	}
	whole := a.portion(o, piece{first: 1, last: int64(o.Conversations)})
	if err := write(before, whole); err != nil {
		return result, err
	}
	for _, p := range pieces {
		for first := p.first; first <= p.last; first += bite {
			part := p
			part.first, part.last = first, min(first+bite-1, p.last)
			if err := write(each, a.portion(o, part)); err != nil {
				return result, err
			}
			done += int(part.last - part.first + 1)
			if o.Progress != nil {
				o.Progress(done, o.Conversations)
			}
		}
	}
	if err := write(after, whole); err != nil {
		return result, err
	}
	return result, st.Write(ctx, func(ctx context.Context, tx *store.Tx) error { return analyze(ctx, tx, st.Engine()) })
}

// portion is what the statements are told: some conversations of an account.
type portion struct {
	piece
	account
	accountID string
	of        int64
}

// portion puts together what the statements need.
func (a account) portion(o Options, p piece) portion {
	return portion{piece: p, account: a, accountID: o.AccountID, of: int64(o.Conversations)}
}

// loyalEvery says which conversations are the loyal visitor's: one in so many.
func (p portion) loyalEvery() int64 { return min(max(loyalShare, p.of/loyalMost), p.of) }

// visitors is how many other visitors there are.
func (p portion) visitors() int64 { return max(1, p.of/perVisitor) }

// openFrom is the conversation from which on requests for contact are open.
func (p portion) openFrom() int64 { return p.of - min(openRequests, p.of/10) }

// id returns the identifier of a conversation, or the one that begins a range of them.
func id(number int64) string { return fmt.Sprintf("01900000-0000-7000-8000-%012d", number) }
