package conversation

import (
	"context"
	"sync"
	"time"

	"github.com/aceno-chat/aceno/internal/platform/store"
)

// seenDelay is how long reading marks are gathered: somebody who reads along marks every message, and only the last counts.
const seenDelay = 250 * time.Millisecond

// seenMark is who reads which conversation.
type seenMark struct {
	by             Party
	accountID      string // of an agent's mark
	conversationID string
	readerID       string
}

// SeenByVisitor notes that the visitor has read up to a visitor sequence. It is written within a moment, and only if it goes
// further than before; a foreign conversation or a sequence that does not exist changes nothing.
func (s *Service) SeenByVisitor(visitorID, conversationID string, sequence int64) {
	s.seen.note(seenMark{by: ByVisitor, conversationID: conversationID, readerID: visitorID}, sequence)
}

// SeenByAgent notes that the agent in charge has read up to a visitor sequence, in the same way.
func (s *Service) SeenByAgent(a AgentActor, conversationID string, sequence int64) {
	s.seen.note(seenMark{by: ByAgent, accountID: a.AccountID, conversationID: conversationID, readerID: a.ID}, sequence)
}

// writeSeen writes gathered marks.
func (s *Service) writeSeen(marks map[seenMark]int64) {
	ctx := context.Background()
	for mark, sequence := range marks {
		if err := s.writeMark(ctx, mark, sequence); err != nil {
			s.logger.Warn("a reading mark was lost", "conversation", mark.conversationID, "error", err)
		}
	}
}

func (s *Service) writeMark(ctx context.Context, mark seenMark, sequence int64) error {
	accountID := mark.accountID
	if accountID == "" {
		var ok bool
		if accountID, ok = s.board.accountOf(mark.conversationID); !ok {
			return nil // over, or never there
		}
	}
	return s.write(ctx, accountID, func(ctx context.Context, tx *store.Tx) error {
		query := visitorSees
		if mark.by == ByAgent {
			query = agentSees
		}
		c, ok, err := found(tx.QueryRow(ctx, query, sequence, mark.conversationID, accountID, mark.readerID, sequence, sequence))
		if err != nil || !ok {
			return err
		}
		return s.log.Append(ctx, tx, accountID, SeenEvent{
			ConversationID: c.ID, By: mark.by, Sequence: sequence,
			VisitorID: c.VisitorID, DepartmentID: c.DepartmentID, AgentID: c.Agent(),
		})
	})
}

// seenMarks gathers marks and writes them together a moment after the first.
type seenMarks struct {
	write func(map[seenMark]int64)

	mu      sync.Mutex
	waiting map[seenMark]int64
	timer   *time.Timer
	writing sync.WaitGroup
	stopped bool
}

func newSeenMarks(write func(map[seenMark]int64)) *seenMarks {
	return &seenMarks{write: write, waiting: make(map[seenMark]int64)}
}

func (m *seenMarks) note(mark seenMark, sequence int64) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.stopped || sequence <= m.waiting[mark] {
		return
	}
	if len(m.waiting) == 0 {
		m.writing.Add(1)
		m.timer = time.AfterFunc(seenDelay, m.flush)
	}
	m.waiting[mark] = sequence
}

// flush runs once for each first mark.
func (m *seenMarks) flush() {
	defer m.writing.Done()
	m.mu.Lock()
	marks := m.waiting
	m.waiting = make(map[seenMark]int64)
	m.mu.Unlock()
	m.write(marks)
}

// stop writes what waits and refuses the rest.
func (m *seenMarks) stop() {
	m.mu.Lock()
	m.stopped = true
	early := m.timer != nil && m.timer.Stop()
	m.mu.Unlock()
	if early {
		m.flush()
	}
	m.writing.Wait()
}
