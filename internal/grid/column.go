package grid

import (
	"cmp"
	"encoding/binary"
	"net/netip"
	"slices"
	"strconv"

	"github.com/aceno-chat/aceno/internal/visitor"
)

// column is one field of GridRow: everything the grid does with it.
type column struct {
	name string
	// compare orders two rows, ascending. Rows for which empty is true come last in both directions.
	compare func(a, b *row) int
	empty   func(r *row) bool // nil: never
	// equal says that the encoded values are the same.
	equal  func(a, b *row) bool
	append func(dst []byte, r *row) []byte
	// The free-text filter looks at a text that many rows share, or at what appendSearched appends, folded; both nil: at nothing.
	searched       func(r *row) visitor.Text
	appendSearched func(dst []byte, r *row) []byte
	// prefix and the text to sort by agree with compare and make it quick: rows with different prefixes, or different folded texts,
	// compare like these. All may be nil, and then every comparison is a full one.
	prefix     func(r *row) uint64
	sortText   func(r *row) string
	sortShared func(r *row) visitor.Text // the same for texts that many rows share
	// decided says that rows compare equal where prefix, or the text if there is one, is equal.
	decided bool
	// fixed columns stay the same as long as the visit's Arrival does.
	fixed bool
}

// columnSet is a set of columns, a bit for each.
type columnSet uint64

func (s columnSet) has(i int) bool { return s&(1<<i) != 0 }

func set(names ...string) columnSet {
	var s columnSet
	for _, name := range names {
		s |= 1 << columnIndex(name)
	}
	return s
}

// columnIndex returns the place of a column in columns, −1 for a name that is none.
func columnIndex(name string) int {
	return slices.IndexFunc(columns, func(c column) bool { return c.name == name })
}

// columns holds every field of GridRow in the order of the protocol.
var columns = []column{
	fixed(numberColumn()),
	fixed(identifier("id", func(r *row) string { return r.visit.ID })),
	fixed(identifier("visitor_id", func(r *row) string { return r.visit.VisitorID })),
	stateColumn(),
	spoken("name", (*row).name),
	spoken("email", (*row).email),
	addressColumn(),
	fixed(shared("country", func(r *row) visitor.Text { return r.visit.Country })),
	fixed(shared("region", func(r *row) visitor.Text { return r.visit.Region })),
	fixed(shared("city", func(r *row) visitor.Text { return r.visit.City })),
	shared("page_url", func(r *row) visitor.Text { return r.visit.PageURL }),
	shared("page_title", func(r *row) visitor.Text { return r.visit.PageTitle }),
	fixed(shared("entry_url", func(r *row) visitor.Text { return r.visit.EntryURL })),
	fixed(shared("entry_title", func(r *row) visitor.Text { return r.visit.EntryTitle })),
	fixed(shared("referrer", func(r *row) visitor.Text { return r.visit.Referrer })),
	fixed(identifier("referrer_kind", func(r *row) string { return string(r.visit.ReferrerKind) })),
	fixed(shared("referrer_name", func(r *row) visitor.Text { return r.visit.ReferrerName })),
	fixed(shared("utm_source", func(r *row) visitor.Text { return r.visit.UTMSource })),
	fixed(shared("utm_medium", func(r *row) visitor.Text { return r.visit.UTMMedium })),
	fixed(shared("utm_campaign", func(r *row) visitor.Text { return r.visit.UTMCampaign })),
	fixed(integer("started_at", func(r *row) int64 { return r.startedAt })),
	integer("page_at", func(r *row) int64 { return r.visit.PageAt }),
	integer("activity_at", func(r *row) int64 { return r.visit.ActivityAt }),
	integer("pages", func(r *row) int64 { return int64(r.visit.Pages) }),
	fixed(integer("visits", func(r *row) int64 { return int64(r.visit.Visits) })),
	integer("conversations", func(r *row) int64 { return int64(r.over.Conversations) }),
	fixed(shared("browser", func(r *row) visitor.Text { return r.visit.Browser })),
	fixed(shared("system", func(r *row) visitor.Text { return r.visit.System })),
	fixed(shared("device", func(r *row) visitor.Text { return r.visit.Device })),
	fixed(shared("language", func(r *row) visitor.Text { return r.visit.Language })),
	fixed(shared("time_zone", func(r *row) visitor.Text { return r.visit.TimeZone })),
	fixed(shared("screen", func(r *row) visitor.Text { return r.visit.Screen })),
	named("site_id", func(r *row) string { return r.visit.SiteID }, func(r *row) visitor.Text { return r.site }),
	nullable(named("department_id", func(r *row) string { return r.over.DepartmentID }, func(r *row) visitor.Text { return r.department })),
	nullable(named("agent_id", func(r *row) string { return r.over.AgentID }, func(r *row) visitor.Text { return r.agent })),
	nullable(identifier("conversation_id", func(r *row) string { return r.over.ConversationID })),
	instant("waiting_since", func(r *row) int64 { return r.over.WaitingSince }),
	nullable(identifier("outreach", func(r *row) string { return r.sent.Kind })),
	nullable(identifier("outreach_state", func(r *row) string { return r.sent.State })),
	integer("outreach_count", func(r *row) int64 { return int64(r.sent.Count) }),
	nullable(named("invited_by", func(r *row) string { return r.sent.AgentID }, func(r *row) visitor.Text { return r.inviter })),
	instant("invited_at", func(r *row) int64 { return r.sent.At }),
	nullable(identifier("trigger_id", func(r *row) string { return r.sent.TriggerID })),
	instant("lead_at", func(r *row) int64 { return r.lead.at }),
	shared("lead_source", func(r *row) visitor.Text { return r.lead.source }),
	nullable(spoken("verified_id", func(r *row) string { return r.visit.Proven() })),
	truth("identified", func(r *row) bool { return r.name() != "" || r.email() != "" }),
	truth("hidden", func(r *row) bool { return r.visit.Hidden }),
	fieldsColumn(),
}

var fixedColumns = func() (s columnSet) {
	for i, c := range columns {
		if c.fixed {
			s |= 1 << i
		}
	}
	return s
}()

var searchedColumns = func() (s columnSet) {
	for i, c := range columns {
		if c.searched != nil || c.appendSearched != nil {
			s |= 1 << i
		}
	}
	return s
}()

// changed returns the columns in which two versions of a row differ.
func changed(old, now *row) columnSet {
	var s columnSet
	sameArrival := old.visit.Arrival == now.visit.Arrival
	for i := range columns {
		if sameArrival && fixedColumns.has(i) {
			continue
		}
		if !columns[i].equal(old, now) {
			s |= 1 << i
		}
	}
	return s
}

func fixed(c column) column {
	c.fixed = true
	return c
}

// nullable turns the empty text into null.
func nullable(c column) column {
	plain := c.append
	c.append = func(dst []byte, r *row) []byte {
		if c.empty(r) {
			return append(dst, "null"...)
		}
		return plain(dst, r)
	}
	return c
}

func integer(name string, get func(*row) int64) column {
	return column{
		name:    name,
		compare: func(a, b *row) int { return cmp.Compare(get(a), get(b)) },
		prefix:  func(r *row) uint64 { return uint64(get(r)) ^ 1<<63 }, // negative numbers first
		decided: true,
		equal:   func(a, b *row) bool { return get(a) == get(b) },
		append:  func(dst []byte, r *row) []byte { return strconv.AppendInt(dst, get(r), 10) },
	}
}

func truth(name string, get func(*row) bool) column {
	return column{
		name:    name,
		compare: func(a, b *row) int { return rank(get(a)) - rank(get(b)) },
		prefix:  func(r *row) uint64 { return uint64(rank(get(r))) },
		decided: true,
		equal:   func(a, b *row) bool { return get(a) == get(b) },
		append:  func(dst []byte, r *row) []byte { return strconv.AppendBool(dst, get(r)) },
	}
}

// identifier is a text for machines: ordered byte by byte, and not searched.
func identifier(name string, get func(*row) string) column {
	return column{
		name:    name,
		compare: func(a, b *row) int { return cmp.Compare(get(a), get(b)) },
		empty:   func(r *row) bool { return get(r) == "" },
		equal:   func(a, b *row) bool { return get(a) == get(b) },
		append:  func(dst []byte, r *row) []byte { return appendString(dst, get(r)) },
	}
}

// spoken is a text for people: ordered without case and accents, and searched.
func spoken(name string, get func(*row) string) column {
	c := identifier(name, get)
	c.compare = func(a, b *row) int { return compareFold(get(a), get(b)) }
	c.sortText, c.decided = get, true
	c.appendSearched = func(dst []byte, r *row) []byte { return appendFold(dst, get(r)) }
	c.prefix = func(r *row) uint64 { return foldPrefix(get(r)) }
	return c
}

// shared is a text for people that many rows have in common.
func shared(name string, get func(*row) visitor.Text) column {
	return column{
		name:       name,
		compare:    func(a, b *row) int { return compareText(get(a), get(b)) },
		empty:      func(r *row) bool { return get(r) == visitor.Text{} },
		equal:      func(a, b *row) bool { return get(a) == get(b) },
		append:     func(dst []byte, r *row) []byte { return appendString(dst, get(r).String()) },
		searched:   get,
		sortShared: get,
		prefix:     func(r *row) uint64 { return foldPrefix(get(r).String()) },
		decided:    true,
	}
}

// named shows an id; people search and sort by the name of what it means.
func named(name string, id func(*row) string, text func(*row) visitor.Text) column {
	c := identifier(name, id)
	c.compare = func(a, b *row) int {
		if by := compareText(text(a), text(b)); by != 0 {
			return by
		}
		return cmp.Compare(id(a), id(b))
	}
	c.equal = func(a, b *row) bool { return text(a) == text(b) && id(a) == id(b) }
	c.searched = text
	c.sortShared, c.sortText = text, nil
	c.prefix = func(r *row) uint64 { return foldPrefix(text(r).String()) }
	return c
}

func compareText(a, b visitor.Text) int {
	if a == b {
		return 0
	}
	return compareFold(a.String(), b.String())
}

func stateColumn() column {
	return column{
		name:    "state",
		compare: func(a, b *row) int { return cmp.Compare(a.state, b.state) },
		prefix:  func(r *row) uint64 { return uint64(r.state) },
		decided: true,
		equal:   func(a, b *row) bool { return a.state == b.state },
		append:  func(dst []byte, r *row) []byte { return appendString(dst, r.state.String()) },
	}
}

func numberColumn() column {
	c := integer("n", func(r *row) int64 { return r.number })
	c.appendSearched = c.append
	return c
}

func addressColumn() column {
	text := func(dst []byte, r *row) []byte {
		if !r.visit.IP.IsValid() {
			return dst
		}
		return r.visit.IP.AppendTo(dst)
	}
	return column{
		name:    "ip",
		compare: func(a, b *row) int { return a.visit.IP.Compare(b.visit.IP) },
		empty:   func(r *row) bool { return !r.visit.IP.IsValid() },
		prefix:  func(r *row) uint64 { return addressPrefix(r.visit.IP) },
		equal:   func(a, b *row) bool { return a.visit.IP == b.visit.IP },
		append:  func(dst []byte, r *row) []byte { return append(text(append(dst, '"'), r), '"') },
		fixed:   true,

		appendSearched: text,
	}
}

// addressPrefix agrees with netip.Addr.Compare: IPv4 comes first.
func addressPrefix(ip netip.Addr) uint64 {
	if ip.Is4() {
		b := ip.As4()
		return uint64(binary.BigEndian.Uint32(b[:]))
	}
	b := ip.As16()
	return 1<<63 | binary.BigEndian.Uint64(b[:8])>>1
}

// instant is a time in milliseconds, null when 0.
func instant(name string, get func(*row) int64) column {
	c := integer(name, get)
	c.empty = func(r *row) bool { return get(r) == 0 }
	return nullable(c)
}

// fieldsColumn is an object in frames; it is ordered by its keys and values, read in turn.
func fieldsColumn() column {
	return column{
		name: "fields",
		compare: func(a, b *row) int {
			return slices.CompareFunc(a.visit.Fields(), b.visit.Fields(), func(x, y visitor.Field) int {
				if by := compareFold(x.Key, y.Key); by != 0 {
					return by
				}
				return compareFold(x.Value, y.Value)
			})
		},
		empty: func(r *row) bool { return len(r.visit.Fields()) == 0 },
		equal: func(a, b *row) bool {
			return a.visit.Identity == b.visit.Identity || slices.Equal(a.visit.Fields(), b.visit.Fields())
		},
		append: func(dst []byte, r *row) []byte { return appendFields(dst, r.visit.Fields()) },
		appendSearched: func(dst []byte, r *row) []byte {
			for _, f := range r.visit.Fields() {
				dst = append(appendFold(dst, f.Value), '\n')
			}
			return dst
		},
	}
}
