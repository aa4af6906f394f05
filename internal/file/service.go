package file

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"time"

	"github.com/aceno-chat/aceno/internal/platform/blob"
	"github.com/aceno-chat/aceno/internal/platform/clock"
	"github.com/aceno-chat/aceno/internal/platform/fault"
	"github.com/aceno-chat/aceno/internal/platform/ident"
	"github.com/aceno-chat/aceno/internal/platform/secret"
	"github.com/aceno-chat/aceno/internal/platform/store"
)

// Content is the bytes of an upload. A multipart.File is one.
type Content interface {
	io.Reader
	io.ReaderAt
	io.Seeker
}

// Upload is a file as its sender names it.
type Upload struct {
	// Name is as the sender's system calls it; it is cleaned.
	Name string
	// ContentType is what the sender declares; empty when nothing.
	ContentType string
	Content     Content
}

// Config is what the service needs.
type Config struct {
	Store  *store.Store
	Bucket *blob.Bucket
	Box    *secret.Box
	Clock  clock.Clock
	Idents ident.Generator
	Logger *slog.Logger
}

// Service stores files and gives them out. It is safe for concurrent use.
type Service struct {
	store  *store.Store
	bucket *blob.Bucket
	box    *secret.Box
	clock  clock.Clock
	idents ident.Generator
	log    *slog.Logger
}

// New returns a service.
func New(c Config) *Service {
	return &Service{store: c.Store, bucket: c.Bucket, box: c.Box, clock: c.Clock, idents: c.Idents, log: c.Logger}
}

// Save checks an upload and stores its bytes. The file does not exist before Insert wrote its row; when that fails, Discard.
// Errors: FileEmpty, FileTooLarge, FileTypeRefused, FileTypeMismatch.
func (s *Service) Save(ctx context.Context, accountID, conversationID string, audience Audience, u Upload) (File, error) {
	return s.save(ctx, File{AccountID: accountID, ConversationID: conversationID, Audience: audience}, u)
}

// SaveForTeam is Save for a room of the team chat.
func (s *Service) SaveForTeam(ctx context.Context, accountID, roomID string, u Upload) (File, error) {
	return s.save(ctx, File{AccountID: accountID, RoomID: roomID, Audience: ForTeam}, u)
}

// save completes f, which says where the file belongs.
func (s *Service) save(ctx context.Context, f File, u Upload) (File, error) {
	size, err := measure(u.Content)
	if err != nil {
		return File{}, err
	}
	name := CleanName(u.Name)
	found, err := sniff(u.Content, size)
	if err != nil {
		return File{}, err
	}
	contentType, err := judge(name, u.ContentType, found)
	if err != nil {
		return File{}, err
	}
	now := s.clock.Now()
	f.ID, f.Name, f.ContentType, f.Size, f.CreatedAt = s.idents.New(), name, contentType, size, clock.Millis(now)
	// The month keeps folders small; the random part keeps keys from being guessed from the public identifier.
	f.BlobKey = fmt.Sprintf("%s/%s/%s-%s", f.AccountID, now.Format("2006-01"), f.ID, ident.Secret(12))
	hash := sha256.New()
	if err := s.bucket.Put(ctx, f.BlobKey, contentType, io.TeeReader(u.Content, hash)); err != nil {
		return File{}, fmt.Errorf("file: save: %w", err)
	}
	f.SHA256 = hex.EncodeToString(hash.Sum(nil))
	return f, nil
}

// measure tells the size and goes back to the beginning.
func measure(c Content) (int64, error) {
	size, err := c.Seek(0, io.SeekEnd)
	if err == nil {
		_, err = c.Seek(0, io.SeekStart)
	}
	switch {
	case err != nil:
		return 0, fmt.Errorf("file: measure: %w", err)
	case size == 0:
		return 0, fault.New(fault.FileEmpty)
	case size > MaxBytes:
		return 0, fault.New(fault.FileTooLarge).With("limit", MaxBytes)
	}
	return size, nil
}

// Insert writes the row of a saved file.
func (s *Service) Insert(ctx context.Context, tx *store.Tx, f File) error { return insert(ctx, tx, f) }

// Withdraw takes a file from the visitor: addresses that were given out end at once. Agents keep it.
func (s *Service) Withdraw(ctx context.Context, tx *store.Tx, id string) error {
	return withdraw(ctx, tx, id)
}

// Discard deletes the bytes of a saved file that got no row. It is for the way out of a failure: what goes wrong is logged.
func (s *Service) Discard(ctx context.Context, f File) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), 10*time.Second)
	defer cancel()
	if err := s.bucket.Delete(ctx, f.BlobKey); err != nil && !errors.Is(err, blob.ErrNotFound) {
		s.log.Error("a file without a message stays in the blob store", "key", f.BlobKey, "error", err)
	}
}

// Get returns a file of the account. Error: NotFound.
func (s *Service) Get(ctx context.Context, accountID, id string) (File, error) {
	f, err := byID(ctx, s.store.Read(), id)
	if err == nil && f.AccountID != accountID {
		err = fault.New(fault.NotFound)
	}
	if err != nil {
		return File{}, err
	}
	return f, nil
}

// OfConversation returns every file of a conversation by its identifier.
func (s *Service) OfConversation(ctx context.Context, conversationID string) (map[string]File, error) {
	return ofConversation(ctx, s.store.Read(), conversationID)
}

// Open returns the bytes; the caller closes them. Error: NotFound when the blob store lost them.
func (s *Service) Open(ctx context.Context, f File) (io.ReadCloser, error) {
	r, _, err := s.bucket.Get(ctx, f.BlobKey)
	if errors.Is(err, blob.ErrNotFound) {
		s.log.Error("a file has lost its bytes", "file", f.ID, "key", f.BlobKey)
		return nil, fault.Wrap(fault.NotFound, err)
	}
	if err != nil {
		return nil, fmt.Errorf("file: open: %w", err)
	}
	return r, nil
}
