package bench

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"time"

	"github.com/aceno-chat/aceno/internal/bench/history"
	"github.com/aceno-chat/aceno/internal/config"
	"github.com/aceno-chat/aceno/internal/platform/store"
)

// pastAgents are those among whom a past is divided, beside the administrator.
const pastAgents = 20

// past is an installation that was filled and is not running. Scenarios measure copies of it: filling takes minutes, copying seconds.
type past struct {
	// on is the server where its database is, empty for SQLite; databaseURL is the database, empty for that in the folder.
	on, databaseURL string
	size            int
	folder          string
	remove          func()
}

// pastOn returns the past of the size that is being measured on a database server, "" for SQLite.
func (b *bench) pastOn(ctx context.Context, databaseURL string) (*past, error) {
	for _, p := range b.pasts {
		if p.on == databaseURL && p.size == b.history {
			return p, nil
		}
	}
	p, err := b.fillPast(ctx, databaseURL)
	if err != nil {
		return nil, err
	}
	b.pasts = append(b.pasts, p)
	return p, nil
}

// forgetPasts removes them.
func (b *bench) forgetPasts() {
	for _, p := range b.pasts {
		p.remove()
	}
	b.pasts = nil
}

// fillPast sets an installation up, stops it and fills its database.
func (b *bench) fillPast(ctx context.Context, databaseURL string) (_ *past, err error) {
	o := startOptions{binary: b.binary, command: []string{"serve"}}
	drop := func() {}
	if databaseURL != "" {
		if o.databaseURL, drop, err = freshDatabase(ctx, databaseURL, ""); err != nil {
			return nil, err
		}
	}
	i, err := own(ctx, o)
	if err != nil {
		drop()
		return nil, err
	}
	p := &past{on: databaseURL, databaseURL: o.databaseURL, size: b.history, folder: i.process.options.data}
	folder := i.remove
	p.remove, i.remove = func() { folder(); drop() }, nil
	defer func() {
		if err != nil {
			p.remove()
		}
	}()
	accountID, err := i.employ(ctx)
	if err := errors.Join(err, i.close()); err != nil {
		return nil, err
	}
	return p, p.fill(ctx, b, accountID)
}

// employ makes the agents and returns the account's identifier.
func (i *installation) employ(ctx context.Context) (string, error) {
	var me struct {
		Account struct {
			ID string `json:"id"`
		} `json:"account"`
	}
	var list struct {
		Departments []struct {
			ID string `json:"id"`
		} `json:"departments"`
	}
	err := errors.Join(
		i.calls.call(ctx, i.admin, http.MethodGet, "/api/session", nil, &me),
		i.calls.call(ctx, i.admin, http.MethodGet, "/api/departments", nil, &list),
	)
	if err != nil {
		return "", err
	}
	var departments []string
	for _, d := range list.Departments {
		departments = append(departments, d.ID)
	}
	err = several(ctx, pastAgents, signInsAtOnce, func(ctx context.Context, k int) error {
		login := fmt.Sprintf("bench-past-%03d", k)
		return i.calls.call(ctx, i.admin, http.MethodPost, "/api/agents", map[string]any{
			"login": login, "name": fmt.Sprintf("Bench past %d", k), "email": login + "@example.com", "password": password,
			"role": "agent", "department_ids": departments, "method": byHand, "conversation_limit": 50,
		}, nil)
	})
	return me.Account.ID, err
}

func (p *past) fill(ctx context.Context, b *bench, accountID string) (err error) {
	st, err := store.Open(ctx, store.Config{URL: config.Server{Data: p.folder, DatabaseURL: p.databaseURL}.StoreURL()})
	if err != nil {
		return err //nolint:wrapcheck // it says everything
	}
	begin, told := time.Now(), time.Now()
	_, err = history.Fill(ctx, st, history.Options{
		AccountID: accountID, Conversations: p.size, Now: begin, Progress: func(done, of int) {
			if time.Since(told) > 5*time.Second {
				told = time.Now()
				b.progressf("filled %d of %d past conversations", done, of)
			}
		},
	})
	if err := errors.Join(err, st.Close()); err != nil {
		return err
	}
	b.progressf("filled %d past conversations in %s", p.size, time.Since(begin).Round(time.Second))
	if p.databaseURL == "" {
		return nil
	}
	// What its own housekeeping does in time; a copy would begin with it while it is measured.
	return execute(ctx, p.databaseURL, "VACUUM (ANALYZE)")
}

// copy returns a folder of its own with everything that is in the past's. It is on the disk when copy returns: what the machine still had
// to write would be measured with the server.
func (p *past) copy() (string, error) {
	folder, err := os.MkdirTemp("", "aceno-bench-")
	if err != nil {
		return "", fmt.Errorf("bench: %w", err)
	}
	err = os.CopyFS(folder, os.DirFS(p.folder))
	if err == nil {
		err = filepath.WalkDir(folder, func(name string, entry os.DirEntry, err error) error {
			if err != nil || entry.IsDir() {
				return err
			}
			return onDisk(name)
		})
	}
	if err != nil {
		_ = os.RemoveAll(folder) // a folder for temporary files
		return "", fmt.Errorf("bench: copy a past: %w", err)
	}
	return folder, nil
}

// onDisk waits until a file is.
func onDisk(name string) error {
	f, err := os.OpenFile(name, os.O_RDWR, 0) //nolint:gosec // a file of the bench's own
	if err != nil {
		return err //nolint:wrapcheck // the caller says what it was for
	}
	return errors.Join(f.Sync(), f.Close())
}
