package audit

import (
	"bufio"
	"crypto/hmac"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"strconv"
	"sync"

	"github.com/aceno-chat/aceno/internal/platform/secret"
)

// witnessPurpose keeps the witness's seals apart from the entries'.
const witnessPurpose = "audit witness"

// witnessMost is how long the file may grow, in bytes, before the lines of all but the newest heads are left out at the next start.
const witnessMost = 1 << 20

// Witness notes the heads of the logs outside the database: whoever takes the newest entries out of the database, and sets its head back,
// does not reach it. It is a file of lines beside the data, each sealed; and each head goes to the program's own log, which may be sent to
// another machine. It is safe for concurrent use.
type Witness struct {
	path string
	box  *secret.Box
	log  *slog.Logger

	mu     sync.Mutex
	file   *os.File // nil until the first head
	newest map[string]noted
}

// noted is one line of the file.
type noted struct {
	Account  string `json:"account"`
	Sequence int64  `json:"sequence"`
	Seal     string `json:"seal"`
	Witness  string `json:"witness"`
}

// OpenWitness reads what was noted before; the file need not be there. A line that is not whole, as after a power cut, or that somebody
// wrote who has not the key, counts for nothing.
func OpenWitness(path string, box *secret.Box, log *slog.Logger) (*Witness, error) {
	w := &Witness{path: path, box: box, log: log, newest: make(map[string]noted)}
	file, err := os.Open(path) //nolint:gosec // the operator's own folder
	if errors.Is(err, os.ErrNotExist) {
		return w, nil
	}
	if err != nil {
		return nil, fmt.Errorf("audit: the witness: %w", err)
	}
	lines := bufio.NewScanner(io.LimitReader(file, 64*witnessMost))
	for lines.Scan() {
		var n noted
		if json.Unmarshal(lines.Bytes(), &n) != nil || !hmac.Equal([]byte(n.Witness), []byte(w.sealOf(n))) {
			continue
		}
		if n.Sequence >= w.newest[n.Account].Sequence {
			w.newest[n.Account] = n
		}
	}
	about, err := file.Stat()
	if err = errors.Join(err, lines.Err(), file.Close()); err != nil {
		return nil, fmt.Errorf("audit: the witness: %w", err)
	}
	if about.Size() > witnessMost {
		return w, w.shorten()
	}
	return w, nil
}

func (w *Witness) sealOf(n noted) string {
	return w.box.Seal(witnessPurpose, []byte(n.Account+"\n"+strconv.FormatInt(n.Sequence, 10)+"\n"+n.Seal))
}

// shorten leaves the newest heads only.
func (w *Witness) shorten() error {
	next, err := os.CreateTemp(filepath.Dir(w.path), filepath.Base(w.path))
	if err != nil {
		return fmt.Errorf("audit: the witness: %w", err)
	}
	encoder := json.NewEncoder(next)
	for _, n := range w.newest {
		err = errors.Join(err, encoder.Encode(n))
	}
	if err = errors.Join(err, next.Sync(), next.Close()); err == nil {
		err = os.Rename(next.Name(), w.path)
	}
	if err != nil {
		return errors.Join(fmt.Errorf("audit: the witness: %w", err), os.Remove(next.Name()))
	}
	return nil
}

// note adds a head, after its commit. What can't be written is logged: the entry itself stands.
func (w *Witness) note(accountID string, e Entry) {
	n := noted{Account: accountID, Sequence: e.Sequence, Seal: e.Seal}
	n.Witness = w.sealOf(n)
	line, err := json.Marshal(n)
	w.log.Info("audit head", "account", accountID, "sequence", e.Sequence, "seal", e.Seal)
	w.mu.Lock()
	defer w.mu.Unlock()
	if n.Sequence > w.newest[accountID].Sequence { // hooks of two lanes may pass each other
		w.newest[accountID] = n
	}
	if err == nil && w.file == nil {
		w.file, err = os.OpenFile(w.path, os.O_WRONLY|os.O_CREATE|os.O_APPEND, 0o600)
	}
	if err == nil {
		_, err = w.file.Write(append(line, '\n'))
	}
	if err != nil {
		w.log.Error("the head of the audit log could not be noted beside the database", "file", w.path, "error", err)
	}
}

// head returns the newest head that was noted of an account's log.
func (w *Witness) head(accountID string) (noted, bool) {
	w.mu.Lock()
	defer w.mu.Unlock()
	n, ok := w.newest[accountID]
	return n, ok
}

// Close ends the file.
func (w *Witness) Close() error {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.file == nil {
		return nil
	}
	if err := errors.Join(w.file.Sync(), w.file.Close()); err != nil {
		return fmt.Errorf("audit: the witness: %w", err)
	}
	w.file = nil
	return nil
}
