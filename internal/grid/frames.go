package grid

// The types of this file describe the frames for the API document. The frames themselves are built by hand (encode.go); a test holds
// the two together.

// Row is one line of the table as panels get it.
type Row struct {
	N              int64          `json:"n" doc:"The visitor's number: the row's id."`
	ID             string         `json:"id" doc:"The visit."`
	VisitorID      string         `json:"visitor_id"`
	State          string         `json:"state" enum:"browsing,idle,waiting,active,ended,blocked,left"`
	Name           string         `json:"name"`
	Email          string         `json:"email"`
	IP             string         `json:"ip"`
	Country        string         `json:"country" doc:"ISO 3166-1 alpha-2, empty when unknown."`
	Region         string         `json:"region"`
	City           string         `json:"city"`
	PageURL        string         `json:"page_url"`
	PageTitle      string         `json:"page_title"`
	EntryURL       string         `json:"entry_url"`
	EntryTitle     string         `json:"entry_title"`
	Referrer       string         `json:"referrer"`
	ReferrerKind   string         `json:"referrer_kind" enum:"search,social,campaign,site,direct"`
	ReferrerName   string         `json:"referrer_name"`
	UTMSource      string         `json:"utm_source"`
	UTMMedium      string         `json:"utm_medium"`
	UTMCampaign    string         `json:"utm_campaign"`
	StartedAt      int64          `json:"started_at"`
	PageAt         int64          `json:"page_at"`
	ActivityAt     int64          `json:"activity_at"`
	Pages          int64          `json:"pages"`
	Visits         int64          `json:"visits"`
	Conversations  int64          `json:"conversations" doc:"Earlier conversations of the visitor."`
	Browser        string         `json:"browser"`
	System         string         `json:"system"`
	Device         string         `json:"device" enum:"desktop,phone,tablet"`
	Language       string         `json:"language"`
	TimeZone       string         `json:"time_zone"`
	Screen         string         `json:"screen"`
	SiteID         string         `json:"site_id"`
	DepartmentID   *string        `json:"department_id"`
	AgentID        *string        `json:"agent_id"`
	ConversationID *string        `json:"conversation_id"`
	WaitingSince   *int64         `json:"waiting_since"`
	Outreach       *string        `json:"outreach" enum:"invite,promotion,redirect,open,message" doc:"What was sent last in this visit."`
	OutreachState  *string        `json:"outreach_state" enum:"queued,delivered,shown,accepted,refused,clicked,expired,failed"`
	OutreachCount  int64          `json:"outreach_count" doc:"How many times the visit was approached."`
	InvitedBy      *string        `json:"invited_by" doc:"The agent who sent it."`
	InvitedAt      *int64         `json:"invited_at"`
	TriggerID      *string        `json:"trigger_id"`
	LeadAt         *int64         `json:"lead_at" doc:"When a rule marked the visitor as a lead; null for others."`
	LeadSource     string         `json:"lead_source" doc:"Of a lead: who brought the visitor the first time, empty where nobody did."`
	VerifiedID     *string        `json:"verified_id" doc:"The customer's id at the site, signed by the site's server; null without a signature."`
	Identified     bool           `json:"identified"`
	Hidden         bool           `json:"hidden"`
	Fields         map[string]any `json:"fields"`
}

// Group is the heading of the rows that have a value in common.
type Group struct {
	N     int64  `json:"n" doc:"Below 0; its place in the order."`
	Key   string `json:"key" doc:"The common value: an id for sites, departments and agents, an address without its query for pages."`
	Count int64  `json:"count" doc:"Rows of the group, exactly."`
	Open  bool   `json:"open" doc:"The rows follow."`
}

// Frame is what changed in one window since its last frame.
type Frame struct {
	T        string           `json:"t" enum:"grid"`
	ID       int64            `json:"id" doc:"The window, as the panel named it."`
	Offset   int64            `json:"offset"`
	Total    int64            `json:"total" doc:"Rows of the view."`
	All      int64            `json:"all" doc:"Everybody."`
	Counts   map[string]int64 `json:"counts" doc:"Everybody by state."`
	Bots     int64            `json:"bots"`
	Idle     int64            `json:"idle" doc:"Away from the page, in whatever state."`
	Lines    *int64           `json:"lines,omitempty" doc:"Of a grouped view: its headings, and the rows of the open groups."`
	GroupN   *int64           `json:"group_count,omitempty" doc:"Of a grouped view: how many groups."`
	NotShown *int64           `json:"not_shown,omitempty" doc:"Online, but came when the account had as many visits as it may show."`
	Order    []int64          `json:"order,omitempty" nullable:"false" doc:"Row numbers of the window, and those of headings, when they changed."`
	Rows     []Row            `json:"rows,omitempty" nullable:"false" doc:"Rows the panel does not hold."`
	Patch    []map[string]any `json:"patch,omitempty" nullable:"false" doc:"Changed fields of rows it does, with n."`
	Groups   []Group          `json:"groups,omitempty" nullable:"false" doc:"Headings that changed or that the panel does not hold."`
}

// TrailPage is one page of a visit.
type TrailPage struct {
	URL    string `json:"url"`
	Title  string `json:"title"`
	At     int64  `json:"at"`
	LeftAt *int64 `json:"left_at" doc:"Null while it is open."`
}

// VisitDetail is a row with its page trail.
type VisitDetail struct {
	Row
	Trail []TrailPage `json:"trail" nullable:"false" doc:"Newest first, at most 50."`
}

// VisitFrame is the followed visit.
type VisitFrame struct {
	T     string       `json:"t" enum:"visit"`
	ID    string       `json:"id"`
	Gone  bool         `json:"gone"`
	Visit *VisitDetail `json:"visit"`
}
