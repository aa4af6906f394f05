package conversation

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"

	"github.com/aceno-chat/aceno/internal/platform/eventlog"
	"github.com/aceno-chat/aceno/internal/platform/fault"
	"github.com/aceno-chat/aceno/internal/platform/field"
	"github.com/aceno-chat/aceno/internal/platform/store"
	"github.com/aceno-chat/aceno/internal/visitor"
)

// MaxPhoneRunes is the longest phone number of a visitor.
const MaxPhoneRunes = 40

var phonePattern = regexp.MustCompile(`^[0-9 +().,/#xX-]*$`)

// Correction is a visitor's contact data as an agent has them now (T125).
type Correction struct {
	// Version is that of the data that were looked at: Details.Version.
	Version int64
	Name    string
	Email   string
	// Phone may be empty.
	Phone string
	// Fields replace the own fields there were. What the site's server signed for stays, and can't be given.
	Fields map[string]any
}

func (n Correction) check() (Correction, error) {
	var c field.Check
	n.Name = c.Line("name", n.Name, 1, MaxNameRunes)
	n.Email = c.Email("email", n.Email)
	n.Phone = c.Line("phone", n.Phone, 0, MaxPhoneRunes)
	if !phonePattern.MatchString(n.Phone) {
		c.Refuse("phone", fault.FieldInvalid, nil)
	}
	if len(n.Fields) > MaxFields {
		c.Refuse("fields", fault.FieldTooMany, MaxFields)
	}
	for _, name := range slices.Sorted(maps.Keys(n.Fields)) {
		if code, limit := checkField(name, n.Fields[name]); code != "" {
			c.Refuse("fields."+name, code, limit)
		}
	}
	return n, c.Err()
}

// apply returns the details as corrected, with what changed in words that need no language: `old → new` by field.
func (n Correction) apply(was Details) (now Details, changed map[string]string, err error) {
	now, changed = was, map[string]string{}
	note := func(name, before, after string) {
		if before != after {
			changed[name] = before + " → " + after
		}
	}
	now.Name, now.Email, now.Phone = n.Name, n.Email, n.Phone
	note("name", was.Name, n.Name)
	note("email", was.Email, n.Email)
	note("phone", was.Phone, n.Phone)
	now.Fields = maps.Clone(n.Fields)
	if now.Fields == nil {
		now.Fields = map[string]any{}
	}
	before, err := linesOf(told(was.Fields))
	if err != nil {
		return Details{}, nil, err
	}
	after, err := linesOf(now.Fields)
	if err != nil {
		return Details{}, nil, err
	}
	var lines []string
	all := maps.Clone(before)
	maps.Copy(all, after)
	for _, name := range slices.Sorted(maps.Keys(all)) {
		if before[name] != after[name] {
			lines = append(lines, fmt.Sprintf("%s: %s → %s", name, before[name], after[name]))
		}
	}
	if len(lines) > 0 {
		changed["fields"] = strings.Join(lines, "\n")
	}
	now.Version++
	return now, changed, nil
}

// told are the fields without the name of the proof, under which it once stood among them.
func told(fields map[string]any) map[string]any {
	kept := maps.Clone(fields)
	delete(kept, visitor.ProvenName)
	return kept
}

// linesOf writes each field's value as people read it.
func linesOf(fields map[string]any) (map[string]string, error) {
	lines := make(map[string]string, len(fields))
	for name, value := range fields {
		if text, ok := value.(string); ok {
			lines[name] = text
			continue
		}
		text, err := json.Marshal(value)
		if err != nil {
			return nil, fmt.Errorf("conversation: a visitor's field: %w", err)
		}
		lines[name] = string(text)
	}
	return lines, nil
}

// CorrectVisitor replaces the visitor's contact data in a conversation, one that is over too. What they were is kept in an internal
// message, so that it lives and goes with the conversation. Changing nothing is no change.
// Errors: Validation, NotFound, ConversationNotYours, StaleWrite (somebody else was quicker).
func (s *Service) CorrectVisitor(ctx context.Context, a AgentActor, id string, n Correction) (Conversation, error) {
	n, err := n.check()
	if err != nil {
		return Conversation{}, err
	}
	agentName := s.agents.AgentName(ctx, a.AccountID, a.ID)
	var result Conversation
	err = s.write(ctx, a.AccountID, func(ctx context.Context, tx *store.Tx) error {
		before, err := s.partOf(ctx, tx, a, id)
		if err != nil {
			return err
		}
		was, err := before.Visitor.Value()
		if err != nil {
			return err
		}
		if was.Version != n.Version {
			return fault.New(fault.StaleWrite)
		}
		now, changed, err := n.apply(was)
		if err != nil {
			return err
		}
		if len(changed) == 0 {
			result = before
			return nil
		}
		c, ok, err := found(tx.QueryRow(ctx, correctVisitor, Embed(now).text, now.Name, now.Email, id, a.AccountID, before.Visitor.text))
		if err != nil || !ok {
			return orElse(err, fault.StaleWrite)
		}
		result = c
		changed["agent"] = agentName
		m := s.systemMessage(c.ID, SystemCorrected, changed, s.now())
		m.Audience, m.Sequence = ToAgents, c.LastSequence
		if _, err := m.insert(ctx, tx, a.AccountID); err != nil {
			return err
		}
		if err := s.witnessed(ctx, tx, a, c.Agent(), Corrected, c); err != nil {
			return err
		}
		return s.log.Append(ctx, tx, a.AccountID,
			CorrectedEvent{Conversation: c}, InternalEvent{ConversationID: c.ID, Message: m, Conversation: c.progress()})
	})
	return result, err
}

// KindCorrected is the kind of CorrectedEvent.
const KindCorrected = "conversation.corrected"

// CorrectedEvent says that an agent corrected the visitor's contact data. Visitors are not told.
type CorrectedEvent struct {
	Conversation Conversation `json:"conversation"`
}

// Kind returns KindCorrected.
func (CorrectedEvent) Kind() string { return KindCorrected }

// Changed returns what the conversation became.
func (e CorrectedEvent) Changed() Conversation { return e.Conversation }

// Audience is the department, who supervises the agent, and who takes part: the name stands in lists.
func (e CorrectedEvent) Audience() eventlog.Audience { return e.Conversation.queueAudience() }

// Subject is the conversation.
func (e CorrectedEvent) Subject() string { return e.Conversation.ID }

var _ = eventlog.Register[CorrectedEvent]()
