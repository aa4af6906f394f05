package visitor

import "net/netip"

// ReferrerKind says by which way a visitor came.
type ReferrerKind string

// The kinds of referrers.
const (
	ReferrerDirect   ReferrerKind = "direct" // typed, bookmarked, or unknown
	ReferrerSearch   ReferrerKind = "search"
	ReferrerSocial   ReferrerKind = "social"
	ReferrerCampaign ReferrerKind = "campaign" // the entry address carries campaign parameters
	ReferrerSite     ReferrerKind = "site"     // a link on another site
)

// The kinds of devices.
const (
	DeviceDesktop = "desktop"
	DevicePhone   = "phone"
	DeviceTablet  = "tablet"
)

// Arrival is what does not change during a visit. It is shared by all states of the visit and never written again.
type Arrival struct {
	// Number is what agents call an unnamed visitor by. It belongs to the visitor, is unique within the account, and counts from 1.
	Number    int64
	ID        string // of the visit
	AccountID string
	SiteID    string
	VisitorID string
	// StartedAt is when the visit began, in milliseconds.
	StartedAt int64
	// Visits is which visit this is, from 1.
	Visits int32

	IP                    netip.Addr
	Country, Region, City Text

	EntryURL, EntryTitle              Text
	Referrer                          Text
	ReferrerKind                      ReferrerKind
	ReferrerName                      Text
	UTMSource, UTMMedium, UTMCampaign Text

	Browser, System, Device    Text
	Language, TimeZone, Screen Text

	// Limited: the visitor has not agreed to be known; IP and addresses are cut. Consent: the visitor has said so.
	Limited, Consent bool
}

// Identity is what the visitor or the site told about who this is. It is never written after it was given away.
type Identity struct {
	Name  string // ≤ 100 characters
	Email string // ≤ 254 characters
	// Proven is the customer's id at the site, ≤ 100 characters, empty unless the site's server has signed it together with Email.
	Proven string
	// Fields are the site's own, in the order of their keys: at most 20.
	Fields []Field
}

// Field is one thing the site tells about its visitor.
type Field struct {
	Key   string // ≤ 40 characters
	Value string // ≤ 200 characters
}

// Visit is one stay of one visitor as it was at one moment. It is never changed: every change makes another one.
type Visit struct {
	*Arrival
	// Identity is nil while nothing is known.
	Identity *Identity

	PageURL, PageTitle Text
	// PageAt and ActivityAt are in milliseconds. Activity is a page view or a sign of life of the visitor on the page.
	PageAt, ActivityAt int64
	// Pages is how many page views the visit had.
	Pages int32
	// Hidden: every page of the visitor is behind another window or tab.
	Hidden bool
	// Idle: hidden, or without activity for five minutes.
	Idle bool
	// Barred: the whole address of a limited visit is blocked; that of others is compared where it is needed.
	Barred bool
}

// Name returns the visitor's name, empty while unknown.
func (v *Visit) Name() string {
	if v.Identity == nil {
		return ""
	}
	return v.Identity.Name
}

// Email returns the visitor's address, empty while unknown.
func (v *Visit) Email() string {
	if v.Identity == nil {
		return ""
	}
	return v.Identity.Email
}

// Proven returns the customer's id that the site's server has signed, empty without one.
func (v *Visit) Proven() string {
	if v.Identity == nil {
		return ""
	}
	return v.Identity.Proven
}

// Fields returns what the site told, in the order of the keys.
func (v *Visit) Fields() []Field {
	if v.Identity == nil {
		return nil
	}
	return v.Identity.Fields
}

// PageView is one page of a visit.
type PageView struct {
	URL   Text
	Title Text
	// At is when it was opened, LeftAt when it was left (0 while it is open), in milliseconds.
	At, LeftAt int64
}

// Detail is a visit with its pages.
type Detail struct {
	Visit *Visit
	// Trail is newest first and holds at most 50.
	Trail []PageView
}

// Sink is told about the visits that the grid shows. Calls for one visit come in order; they must return at once.
type Sink interface {
	// VisitChanged tells the newest state of a visit, the first one included.
	VisitChanged(v *Visit)
	// VisitLeft tells that a visit is not to be seen any more, with its last state.
	VisitLeft(v *Visit)
}
