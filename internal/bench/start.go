package bench

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"time"
)

const (
	freshStarts = 3
	laterStarts = 5
	// restAfter is how long a server rests before its memory at rest is read.
	restAfter = 5 * time.Second
)

// measureStart measures the time to ready, the memory at rest and the binary.
func (b *bench) measureStart(ctx context.Context) error {
	if b.history > 0 {
		return b.startFilled(ctx)
	}
	var fresh, later []float64
	var rests rests
	folders, err := os.MkdirTemp("", "aceno-bench-")
	if err != nil {
		return fmt.Errorf("bench: %w", err)
	}
	defer os.RemoveAll(folders) //nolint:errcheck // a folder for temporary files
	for n := range freshStarts {
		folder := filepath.Join(folders, strconv.Itoa(n))
		ready, rest, err := b.startOnce(ctx, folder, true)
		if err != nil {
			return err
		}
		fresh = append(fresh, ready)
		rests.add(rest)
		if n > 0 {
			continue
		}
		if later, err = b.startAgain(ctx, folder); err != nil {
			return err
		}
	}
	b.tellStarts(later)
	b.report.add(Figure{
		Scenario: "start", Name: "the first start, on an empty folder", Value: median(fresh), Unit: "ms", Target: atMost(300),
		How: fmt.Sprintf("with the schema's migration, median of %d", freshStarts),
	})
	b.tellRests(rests)
	binary, err := os.Stat(b.binary)
	if err != nil {
		return fmt.Errorf("bench: %w", err)
	}
	b.report.add(Figure{
		Scenario: "start", Name: "binary", Value: float64(binary.Size()) / 1e6, Unit: "MB", Target: atMost(60),
		How: "size of the running file, panel and widget inside",
	})
	return nil
}

// startFilled measures what of it a past may change.
func (b *bench) startFilled(ctx context.Context) error {
	p, err := b.pastOn(ctx, "")
	if err != nil {
		return err
	}
	folder, err := p.copy()
	if err != nil {
		return err
	}
	defer os.RemoveAll(folder) //nolint:errcheck // a folder for temporary files
	later, err := b.startAgain(ctx, folder)
	if err != nil {
		return err
	}
	b.tellStarts(later)
	var rests rests
	for range freshStarts {
		_, rest, err := b.startOnce(ctx, folder, true)
		if err != nil {
			return err
		}
		rests.add(rest)
	}
	b.tellRests(rests)
	return nil
}

// startAgain returns the milliseconds to ready of several starts on the same data.
func (b *bench) startAgain(ctx context.Context, folder string) (later []float64, err error) {
	for range laterStarts {
		ready, _, err := b.startOnce(ctx, folder, false)
		if err != nil {
			return nil, err
		}
		later = append(later, ready)
	}
	return later, nil
}

func (b *bench) tellStarts(later []float64) {
	b.report.add(Figure{
		Scenario: "start", Name: "process start to ready", Value: median(later), Unit: "ms", Target: atMost(300),
		How: fmt.Sprintf("to the first 200 of /readyz, median of %d starts on the same data, SQLite", laterStarts),
	})
}

// rests are the memories of several processes at rest, in megabytes.
type rests struct{ memory, own []float64 }

func (r *rests) add(rest resting) {
	r.memory, r.own = append(r.memory, rest.resident/1e6), append(r.own, rest.own/1e6)
}

func (b *bench) tellRests(r rests) {
	if rest := median(r.memory); rest > 0 {
		b.report.add(Figure{
			Scenario: "start", Name: "memory at rest", Value: rest, Unit: "MB", Target: atMost(45),
			How: fmt.Sprintf("VmRSS %s after ready, nobody there, median of %d; %.1f MB of it the process's own, the rest pages of the binary",
				restAfter, freshStarts, median(r.own)),
		})
	}
}

// resting is the memory of a process at rest, in bytes.
type resting struct{ resident, own float64 }

// startOnce returns the milliseconds to ready and, when it may rest, the memory at rest.
func (b *bench) startOnce(ctx context.Context, folder string, rest bool) (ready float64, memory resting, err error) {
	p, err := start(ctx, startOptions{binary: b.binary, command: []string{"serve"}, data: folder})
	if err != nil {
		return 0, resting{}, err
	}
	if rest {
		select {
		case <-ctx.Done():
		case <-time.After(restAfter):
		}
		memory = resting{p.resident(), p.anonymous()}
	}
	return milliseconds(p.readyAfter), memory, errors.Join(ctx.Err(), p.stop())
}
