// Package installation holds together what makes an installation: its database and its key.
package installation

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/aceno-chat/aceno/internal/platform/secret"
	"github.com/aceno-chat/aceno/internal/platform/store"
)

// KeyBytes is the length of a key.
const KeyBytes = 32

// KeySource says where an installation's key is.
type KeySource struct {
	// Given is the key in hexadecimal, or empty: then it is in File, which is made for a database that is new.
	Given, File string
	// Used says whether somebody was set up already: a database of before has noted no key.
	Used func(context.Context) (bool, error)
	// Replace takes whatever key there is, or makes one, though the database was made with another.
	Replace bool
}

// The ways a key can be wrong.
var (
	ErrKeyMissing = errors.New("the installation's key is missing")
	ErrKeyOther   = errors.New("the key is not the one this database was made with")
)

// Box returns the signatures of the installation's key. A database knows which key it was made with, by a keyed hash: with another one
// visitors' tokens, links to files and signed identities would be worth nothing, and the audit log could not be verified, without a word.
// Errors: ErrKeyMissing, ErrKeyOther.
func Box(ctx context.Context, st *store.Store, from KeySource) (*secret.Box, error) {
	known, used, err := from.look(ctx, st)
	if err != nil {
		return nil, err
	}
	key, err := from.read()
	switch {
	case errors.Is(err, os.ErrNotExist) && used && !from.Replace:
		return nil, fmt.Errorf("%w: %s; put it back beside the database, or give --secret-key. If it is lost for good, start once with --new-key", ErrKeyMissing, from.File)
	case errors.Is(err, os.ErrNotExist):
		key, err = from.create()
	}
	if err != nil {
		return nil, err
	}
	box := secret.New(key)
	is := box.Seal("installation", nil)
	if known == "" {
		if known, err = note(ctx, st, insertKey, is); err != nil {
			return nil, err
		}
	}
	if known != is && from.Replace {
		known, err = note(ctx, st, updateKey, is)
	}
	if err != nil {
		return nil, err
	}
	if known != is {
		return nil, fmt.Errorf("%w (%s): put the right one back. If it is lost for good, start once with --new-key", ErrKeyOther, from.place())
	}
	return box, nil
}

// place names where the key came from.
func (from KeySource) place() string {
	if from.Given != "" {
		return "--secret-key"
	}
	return from.File
}

func (from KeySource) read() ([]byte, error) {
	text := from.Given
	if text == "" {
		data, err := os.ReadFile(from.File)
		if err != nil {
			return nil, fmt.Errorf("installation: read the key: %w", err)
		}
		text = strings.TrimSpace(string(data))
	}
	key, err := hex.DecodeString(text)
	if err != nil || len(key) != KeyBytes {
		return nil, fmt.Errorf("installation: %s does not hold 64 hexadecimal digits", from.place())
	}
	return key, nil
}

// create makes a key and keeps it: on the disk before it is used.
func (from KeySource) create() ([]byte, error) {
	key := make([]byte, KeyBytes)
	if _, err := rand.Read(key); err != nil {
		return nil, fmt.Errorf("installation: make a key: %w", err)
	}
	if err := os.MkdirAll(filepath.Dir(from.File), 0o700); err != nil {
		return nil, fmt.Errorf("installation: keep the key: %w", err)
	}
	file, err := os.OpenFile(from.File, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return nil, fmt.Errorf("installation: keep the key: %w", err)
	}
	_, err = file.WriteString(hex.EncodeToString(key) + "\n")
	if err = errors.Join(err, file.Sync(), file.Close()); err != nil {
		return nil, fmt.Errorf("installation: keep the key: %w", err)
	}
	return key, nil
}

// look returns the hash of the key the database was made with, empty for one of before that was kept, and whether anybody works with it.
func (from KeySource) look(ctx context.Context, st *store.Store) (known string, used bool, err error) {
	err = st.Read().QueryRow(ctx, selectKey).Scan(&known)
	if err == nil {
		return known, true, nil
	}
	if !errors.Is(err, store.ErrNoRows) {
		return "", false, fmt.Errorf("installation: %w", err)
	}
	used, err = from.Used(ctx)
	return "", used, err
}

// note keeps the hash, and returns the one that is kept: that of another node that was quicker.
func note(ctx context.Context, st *store.Store, text, is string) (known string, err error) {
	err = st.Write(ctx, func(ctx context.Context, tx *store.Tx) error {
		if _, err := tx.Exec(ctx, text, is); err != nil {
			return fmt.Errorf("installation: %w", err)
		}
		if err := tx.QueryRow(ctx, selectKey).Scan(&known); err != nil {
			return fmt.Errorf("installation: %w", err)
		}
		return nil
	})
	return known, err
}
