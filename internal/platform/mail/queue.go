package mail

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"

	"github.com/aceno-chat/aceno/internal/platform/jobs"
	"github.com/aceno-chat/aceno/internal/platform/store"
)

// JobKind is the kind of the jobs that send one message.
const JobKind = "mail"

// Queue sends messages after the change that asks for them was committed, and again when that failed.
type Queue struct {
	runner *jobs.Runner
	sender Sender
}

// NewQueue registers the queue with the runner. With a nil sender the installation sends no mail: see On.
func NewQueue(r *jobs.Runner, s Sender) *Queue {
	q := &Queue{runner: r, sender: s}
	r.Handle(JobKind, q.do)
	return q
}

// On says whether this installation sends mail.
func (q *Queue) On() bool { return q.sender != nil }

// Add has the message sent after the commit of tx. Without a sender nothing happens.
func (q *Queue) Add(ctx context.Context, tx *store.Tx, accountID string, m Message) error {
	if !q.On() {
		return nil
	}
	return q.runner.Add(ctx, tx, accountID, JobKind, m)
}

func (q *Queue) do(ctx context.Context, j jobs.Job) error {
	var m Message
	if err := json.Unmarshal(j.Payload, &m); err != nil {
		return jobs.Permanent(fmt.Errorf("mail: read the job: %w", err))
	}
	m.ID = j.ID
	return q.Send(ctx, m)
}

// Send sends now: for jobs that make their message at the last moment. What was refused is permanent to the runner.
func (q *Queue) Send(ctx context.Context, m Message) error {
	if !q.On() {
		return errors.New("mail: this installation sends none") // it did when the job was added, and may again
	}
	err := q.sender.Send(ctx, m)
	if _, refused := errors.AsType[*RefusedError](err); refused {
		return jobs.Permanent(err)
	}
	return err
}
