package app

import (
	"encoding/json"
	"errors"

	"github.com/aceno-chat/aceno/internal/access"
	"github.com/aceno-chat/aceno/internal/agent"
	"github.com/aceno-chat/aceno/internal/conversation"
	"github.com/aceno-chat/aceno/internal/grid"
	"github.com/aceno-chat/aceno/internal/platform/api"
	"github.com/aceno-chat/aceno/internal/platform/fault"
	"github.com/aceno-chat/aceno/internal/platform/live"
)

// panel is one agent's live connection: what its frames mean (docs/protocols.md, section 4).
type panel struct {
	app   *App
	actor api.ActorInfo
	grid  *grid.Panel
	// counters is what was last sent, so that only changes are.
	counters []byte
	// connection names this socket to the presence of agents.
	connection agent.Connection
}

func (a *App) newPanel(actor api.ActorInfo) *panel {
	return &panel{app: a, actor: actor, connection: agent.Connection{
		AccountID: actor.AccountID, AgentID: actor.AgentID, SessionID: actor.SessionID, ID: a.idents.New(),
	}}
}

// Ready joins the session to the grid and to the presence of its agent, and sends what is not in the log.
func (p *panel) Ready(s *live.Session) {
	p.grid = p.app.grids.Panel(s.AccountID, func(frame []byte) { s.Send(frame) })
	p.app.presence.Connected(p.connection)
	s.SendJSON(p.app.presenceFrame(s.AccountID))
	s.SendJSON(p.app.departmentsFrame(s.AccountID))
	p.app.pushes.join(s, p)
}

// Closed leaves both again.
func (p *panel) Closed(s *live.Session) {
	if p.grid == nil {
		return // it never became live
	}
	p.app.pushes.leave(s)
	p.grid.Close()
	p.app.presence.Disconnected(p.connection)
}

// Frame carries out what the panel asks for. What it may not see is refused with a coded error, and the connection goes on.
func (p *panel) Frame(s *live.Session, kind string, data []byte) {
	if p.grid == nil {
		return // it was told to reload and has not started yet
	}
	err := p.frame(kind, data)
	if err == nil {
		return
	}
	f, ok := errors.AsType[*fault.Error](err)
	if !ok {
		p.app.log.Error("a panel's frame failed", "kind", kind, "agent", s.AgentID, "error", err)
		f = fault.Wrap(fault.Internal, err)
	}
	s.SendJSON(errorFrame{T: "error", Ref: kind, Problem: api.NewProblem(s.Language, "", f)})
}

type errorFrame struct {
	T       string       `json:"t" enum:"error"`
	Ref     string       `json:"ref"`
	Problem *api.Problem `json:"problem"`
}

type (
	presenceIn struct {
		Awake bool `json:"awake"`
		Sound bool `json:"sound"`
		Quiet bool `json:"quiet,omitempty" doc:"The agent switched sounds off."`
	}
	gridIn struct {
		ID     int64     `json:"id"`
		View   grid.View `json:"view"`
		Offset int       `json:"offset"`
		Length int       `json:"length"`
		// Groups may be left out: then all groups are folded.
		Groups *grid.Folding `json:"groups,omitempty"`
	}
	gridCloseIn struct {
		ID int64 `json:"id"`
	}
	visitIn struct {
		ID *string `json:"id"`
	}
	typingIn struct {
		Conversation string `json:"conversation"`
		On           bool   `json:"on"`
	}
	seenIn struct {
		Conversation string `json:"conversation"`
		Sequence     int64  `json:"sequence"`
	}
)

func (p *panel) frame(kind string, data []byte) error {
	switch kind {
	case "presence":
		in, err := decode[presenceIn](data)
		if err == nil {
			p.app.presence.Beat(p.connection, agent.Signs{Awake: in.Awake, Sound: in.Sound, Quiet: in.Quiet})
			// A panel that only holds its socket uses its session too.
			p.app.agents.Used(p.app.background, p.actor.AccountID, p.actor.AgentID, p.actor.SessionID)
		}
		return err
	case "grid", "grid_close", "visit":
		if !p.actor.Can(access.VisitorView) {
			return fault.New(fault.Forbidden)
		}
		return p.gridFrame(kind, data)
	case "typing":
		in, err := decode[typingIn](data)
		if err == nil {
			p.app.conversations.TypingByAgent(p.app.background, p.agent(), in.Conversation, in.On)
		}
		return err
	case "seen":
		in, err := decode[seenIn](data)
		if err == nil {
			p.app.conversations.SeenByAgent(p.agent(), in.Conversation, in.Sequence)
		}
		return err
	}
	return fault.Invalid(fault.Field{Name: "t", Code: fault.FieldUnknown})
}

func (p *panel) gridFrame(kind string, data []byte) error {
	switch kind {
	case "grid":
		in, err := decode[gridIn](data)
		if err != nil {
			return err
		}
		at := grid.Range{Offset: in.Offset, Length: in.Length}
		if in.Groups != nil {
			at.Groups = *in.Groups
		}
		return p.grid.Watch(in.ID, in.View, at)
	case "grid_close":
		in, err := decode[gridCloseIn](data)
		if err == nil {
			p.grid.Unwatch(in.ID)
		}
		return err
	default:
		in, err := decode[visitIn](data)
		if err != nil {
			return err
		}
		if in.ID == nil {
			p.grid.Follow("")
		} else {
			p.grid.Follow(*in.ID)
		}
		return nil
	}
}

func (p *panel) agent() conversation.AgentActor {
	return conversation.AgentActor{
		AccountID: p.actor.AccountID, ID: p.actor.AgentID, Scope: p.actor.Scope(), Supervises: p.actor.Can(access.SupervisionUse),
	}
}

func decode[T any](data []byte) (T, error) {
	var in T
	if err := json.Unmarshal(data, &in); err != nil {
		return in, fault.Wrap(fault.ProtocolError, err)
	}
	return in, nil
}
