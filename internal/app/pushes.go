package app

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"sync"
	"time"

	"github.com/aceno-chat/aceno/internal/agent"
	"github.com/aceno-chat/aceno/internal/conversation"
	"github.com/aceno-chat/aceno/internal/platform/eventlog"
	"github.com/aceno-chat/aceno/internal/platform/live"
)

// pushEvery is how often what is counted, and not recorded, is told: at most four times a second.
const pushEvery = 250 * time.Millisecond

// Counters are the information bar (T009–T012) for the departments an agent serves; browsing is the whole account's.
type Counters struct {
	Browsing int `json:"browsing" doc:"Visitors on the account's sites now."`
	conversation.Counters
}

// pushes tells panels and visitors of what is counted rather than recorded: counters, presence, places in the queue. Changes are
// marked as they come and told together, so a busy minute costs no more than a quiet one.
type pushes struct {
	app *App

	mu       sync.Mutex
	sessions map[*live.Session]*panel
	// changed says what is to be told of an account.
	changed map[string]*changes
	// online is what the visitors of an account were last told.
	online map[string]bool

	quit, gone chan struct{}
}

type changes struct {
	presence bool
	// offers says that what the status window tells of the roulette changed.
	offers bool
	queues map[string]bool // departments whose places moved
}

func newPushes(a *App) *pushes {
	return &pushes{
		app: a, sessions: make(map[*live.Session]*panel), changed: make(map[string]*changes), online: make(map[string]bool),
		quit: make(chan struct{}), gone: make(chan struct{}),
	}
}

func (p *pushes) start() {
	go func() {
		defer close(p.gone)
		tick := time.NewTicker(pushEvery)
		defer tick.Stop()
		for {
			select {
			case <-p.quit:
				return
			case <-tick.C:
				p.tell(p.app.background)
			}
		}
	}()
}

func (p *pushes) stop() {
	close(p.quit)
	<-p.gone
}

func (p *pushes) join(s *live.Session, panel *panel) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.sessions[s] = panel
}

func (p *pushes) leave(s *live.Session) {
	p.mu.Lock()
	defer p.mu.Unlock()
	delete(p.sessions, s)
}

// boardChanged marks what a change of the conversations moves. It is called from the log's goroutine.
func (p *pushes) boardChanged(c conversation.BoardChange) {
	if !c.QueueMoved {
		return
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	marks := p.of(c.AccountID)
	for _, id := range c.DepartmentIDs {
		marks.queues[id] = true
	}
}

// presenceChanged marks that an agent came, went, or changed what it does.
func (p *pushes) presenceChanged(accountID string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.of(accountID).presence = true
}

// offersChanged marks that the roulette offered, or that its order or the queue's was changed.
func (p *pushes) offersChanged(accountID string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.of(accountID).offers = true
}

func (p *pushes) of(accountID string) *changes {
	marks, ok := p.changed[accountID]
	if !ok {
		marks = &changes{queues: make(map[string]bool)}
		p.changed[accountID] = marks
	}
	return marks
}

func (p *pushes) tell(ctx context.Context) {
	p.mu.Lock()
	changed := p.changed
	p.changed = make(map[string]*changes)
	panels := make(map[*live.Session]*panel, len(p.sessions))
	maps.Copy(panels, p.sessions)
	p.mu.Unlock()

	for accountID, marks := range changed {
		if marks.presence {
			p.tellPresence(accountID, panels)
		}
		if marks.offers {
			p.tellAll(accountID, panels, encodeFrame(queueFrame{T: "queue"}))
		}
		for departmentID := range marks.queues {
			p.tellPlaces(ctx, accountID, departmentID)
		}
	}
	for s, panel := range panels {
		panel.tellCounters(ctx, s)
	}
}

func (p *pushes) tellAll(accountID string, panels map[*live.Session]*panel, frame []byte) {
	for s := range panels {
		if s.AccountID == accountID {
			s.SendSoon(frame)
		}
	}
}

func (p *pushes) tellPresence(accountID string, panels map[*live.Session]*panel) {
	agents, departments := encodeFrame(p.app.presenceFrame(accountID)), encodeFrame(p.app.departmentsFrame(accountID))
	for s := range panels {
		if s.AccountID == accountID {
			s.SendSoon(agents)
			s.SendSoon(departments)
		}
	}
	online := p.app.departments.Online(accountID)
	p.mu.Lock()
	told, known := p.online[accountID]
	p.online[accountID] = online
	p.mu.Unlock()
	if !known || told != online {
		p.app.triggers.Engine().OnlineChanged(accountID)
		p.app.visits.Broadcast(accountID, fmt.Appendf(nil, `{"t":"online","online":%t}`, online))
	}
}

// tellPlaces tells those who wait in a department at which place they are now.
func (p *pushes) tellPlaces(ctx context.Context, accountID, departmentID string) {
	frames, err := p.app.conversations.WaitingFrames(ctx, accountID, departmentID)
	if err != nil {
		p.app.log.Error("places in the queue could not be told", "department", departmentID, "error", err)
		return
	}
	for _, f := range frames {
		p.app.pushToVisitor(accountID, f)
	}
}

func (p *panel) tellCounters(ctx context.Context, s *live.Session) {
	counters, err := p.app.counters(ctx, s.AccountID, s.Scope)
	if err != nil {
		p.app.log.Error("counters could not be read", "agent", s.AgentID, "error", err)
		return
	}
	frame := encodeFrame(countersFrame{T: "counters", Counters: counters})
	if !bytes.Equal(frame, p.counters) && s.SendSoon(frame) {
		p.counters = frame
	}
}

// counters returns the information bar of a scope.
func (a *App) counters(ctx context.Context, accountID string, scope eventlog.Scope) (Counters, error) {
	c, err := a.conversations.Board().Counters(ctx, accountID, scope)
	if err != nil {
		return Counters{}, fmt.Errorf("app: counters: %w", err)
	}
	return Counters{Browsing: a.grids.Count(accountID), Counters: c}, nil
}

// The frames of this file, as docs/protocols.md section 4 describes them.
type (
	countersFrame struct {
		T        string   `json:"t" enum:"counters"`
		Counters Counters `json:"counters"`
	}
	presenceFrame struct {
		T      string        `json:"t" enum:"agents"`
		Agents []agent.State `json:"agents" nullable:"false"`
	}
	// queueFrame says that the status window has something new to show: ask for it again, if it is open.
	queueFrame struct {
		T string `json:"t" enum:"queue"`
	}
	departmentsFrame struct {
		T           string             `json:"t" enum:"departments"`
		Departments []departmentOnline `json:"departments" nullable:"false"`
	}
	departmentOnline struct {
		ID     string `json:"id"`
		Open   bool   `json:"open"`
		Online bool   `json:"online"`
	}
)

func (a *App) presenceFrame(accountID string) presenceFrame {
	return presenceFrame{T: "agents", Agents: a.presence.States(accountID)}
}

func (a *App) departmentsFrame(accountID string) departmentsFrame {
	f := departmentsFrame{T: "departments", Departments: []departmentOnline{}}
	for _, d := range a.departments.List(accountID) {
		f.Departments = append(f.Departments, departmentOnline{ID: d.ID, Open: d.Open, Online: d.Online})
	}
	return f
}

// encodeFrame encodes one of our own frames, which always can be.
func encodeFrame(frame any) []byte {
	data, err := json.Marshal(frame)
	if err != nil {
		panic(fmt.Errorf("app: encode %T: %w", frame, err))
	}
	return data
}
