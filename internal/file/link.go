package file

import (
	"context"
	"encoding/base64"
	"strconv"
	"strings"
	"time"

	"github.com/aceno-chat/aceno/internal/platform/clock"
	"github.com/aceno-chat/aceno/internal/platform/fault"
)

// LinkLife is how long a visitor's address of a file works. Asking for the messages again makes a fresh one.
const LinkLife = 24 * time.Hour

const linkPurpose = "file"

// AgentURL returns the address at which a signed-in agent gets the file.
func AgentURL(id string) string { return "/api/files/" + id }

// VisitorURL returns the signed address, relative to the installation, at which a visitor gets the file for LinkLife.
// It is empty for a file that is not for visitors.
func (s *Service) VisitorURL(id string, audience Audience) string {
	if audience != ForVisitor {
		return ""
	}
	expires := strconv.FormatInt(clock.Millis(s.clock.Now().Add(LinkLife)), 10)
	// The token's first half only repeats what stands in the address.
	_, signature, _ := strings.Cut(s.box.Sign(linkPurpose, linkPayload(id, expires)), ".")
	return "/v/files/" + id + "?e=" + expires + "&s=" + signature
}

func linkPayload(id, expires string) []byte { return []byte(id + " " + expires) }

// ByLink returns the file of a visitor's address. Errors: NotFound for an address that was not made by VisitorURL,
// FileLinkExpired.
func (s *Service) ByLink(ctx context.Context, id, expires, signature string) (File, error) {
	token := base64.RawURLEncoding.EncodeToString(linkPayload(id, expires)) + "." + signature
	if _, ok := s.box.Verify(linkPurpose, token); !ok {
		return File{}, fault.New(fault.NotFound)
	}
	until, err := strconv.ParseInt(expires, 10, 64)
	if err != nil {
		return File{}, fault.New(fault.NotFound)
	}
	if clock.Millis(s.clock.Now()) >= until {
		return File{}, fault.New(fault.FileLinkExpired)
	}
	f, err := byID(ctx, s.store.Read(), id)
	if err != nil {
		return File{}, err
	}
	if f.Audience != ForVisitor {
		return File{}, fault.New(fault.NotFound)
	}
	return f, nil
}
