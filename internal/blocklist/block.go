package blocklist

import (
	"net/netip"
	"strings"

	"github.com/aceno-chat/aceno/internal/platform/fault"
	"github.com/aceno-chat/aceno/internal/platform/field"
)

// Limits of the list.
const (
	ReasonMax  = 200  // characters
	AccountMax = 5000 // blocks of one account
	// Ranges wider than these would block whole providers by a slip of the finger.
	widestIPv4 = 8
	widestIPv6 = 24
	// lineIPv6 is what one line is given: an IPv6 address alone stands for all of it.
	lineIPv6 = 64
)

const allowedRanges = "IPv4 /8–/32, IPv6 /24–/128"

// Block keeps the visitors of an address, or of a range of addresses, out of the chat.
type Block struct {
	ID string `json:"id" format:"uuid"`
	// Address is canonical: 203.0.113.7, 203.0.113.0/24, 2001:db8:1:2::/64.
	Address string `json:"address" doc:"An IP address or a range in CIDR notation. An IPv6 address alone stands for its /64."`
	Reason  string `json:"reason" maxLength:"200" doc:"For the agents; visitors never see it."`
	// AgentID is who set it.
	AgentID   string `json:"agent_id" format:"uuid"`
	CreatedAt int64  `json:"created_at" doc:"Milliseconds UTC."`
	ExpiresAt *int64 `json:"expires_at" doc:"Milliseconds UTC; null never ends."`
}

// endedBy says whether the block has no effect any more at now, in milliseconds UTC.
func (b Block) endedBy(now int64) bool { return b.ExpiresAt != nil && *b.ExpiresAt <= now }

// New is what a block is made of.
type New struct {
	Address   string
	Reason    string
	ExpiresAt *int64
}

// Check returns n as it will be stored, or a Validation error that names the fields. now is in milliseconds UTC.
func (n New) Check(now int64) (New, error) {
	var c field.Check
	if prefix, ok := ParseAddress(n.Address); !ok {
		c.Refuse("address", fault.FieldInvalid, nil)
	} else if tooWide(prefix) {
		c.Refuse("address", fault.FieldNotAllowed, allowedRanges)
	} else {
		n.Address = canonical(prefix)
	}
	n.Reason = c.Line("reason", n.Reason, 0, ReasonMax)
	if n.ExpiresAt != nil && *n.ExpiresAt <= now {
		c.Refuse("expires_at", fault.FieldTooSmall, now)
	}
	return n, c.Err()
}

// ParseAddress reads an IP address or a range in CIDR notation (RFC 4632, RFC 4291); bits behind the range's length are dropped.
// IPv4 in IPv6 is taken as IPv4, an IPv6 address without a length as its /64.
func ParseAddress(text string) (netip.Prefix, bool) {
	text = strings.TrimSpace(text)
	if strings.Contains(text, "/") {
		prefix, err := netip.ParsePrefix(text)
		return prefix.Masked(), err == nil
	}
	addr, err := netip.ParseAddr(text)
	if err != nil || addr.Zone() != "" {
		return netip.Prefix{}, false
	}
	addr = addr.Unmap()
	bits := addr.BitLen()
	if addr.Is6() {
		bits = lineIPv6
	}
	return netip.PrefixFrom(addr, bits).Masked(), true
}

func tooWide(p netip.Prefix) bool {
	if p.Addr().Is4() {
		return p.Bits() < widestIPv4
	}
	return p.Bits() < widestIPv6
}

// canonical writes a prefix as it is stored: one IPv4 address without its length, all else with it.
func canonical(p netip.Prefix) string {
	if p.Addr().Is4() && p.IsSingleIP() {
		return p.Addr().String()
	}
	return p.String()
}
