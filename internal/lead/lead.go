package lead

// Lead is a visitor whom a rule marked.
type Lead struct {
	ID        string `json:"id" format:"uuid"`
	SiteID    string `json:"site_id"`
	VisitorID string `json:"visitor_id"`
	Number    int64  `json:"number" doc:"What an unnamed visitor is called by."`
	Name      string `json:"name" maxLength:"100"`
	Email     string `json:"email" maxLength:"254"`
	TriggerID string `json:"trigger_id" doc:"The rule; it may be gone."`
	// TriggerName is what the rule was called then.
	TriggerName string `json:"trigger_name" maxLength:"80"`
	PageURL     string `json:"page_url" maxLength:"2048" doc:"Where it happened."`
	MarkedAt    int64  `json:"marked_at" doc:"Milliseconds UTC."`
	First       Credit `json:"first"`

	accountID string
}

// AccountID is whose lead it is; it is not sent.
func (l Lead) AccountID() string { return l.accountID }

// Credit says who brought the visitor the first time.
type Credit struct {
	At           int64  `json:"at" doc:"When the first visit began, milliseconds UTC."`
	EntryURL     string `json:"entry_url" maxLength:"2048"`
	Referrer     string `json:"referrer" maxLength:"2048"`
	ReferrerKind string `json:"referrer_kind" enum:"search,social,campaign,site,direct"`
	ReferrerName string `json:"referrer_name" doc:"Empty for direct visits."`
	UTMSource    string `json:"utm_source"`
	UTMMedium    string `json:"utm_medium"`
	UTMCampaign  string `json:"utm_campaign"`
}

// Origin is how many leads one origin brought.
type Origin struct {
	ReferrerKind string `json:"referrer_kind" enum:"search,social,campaign,site,direct"`
	ReferrerName string `json:"referrer_name"`
	Count        int    `json:"count"`
}

// originsMax is how many origins are told; the rest is in the total.
const originsMax = 20

// Page is one page of leads, the newest first.
type Page struct {
	Leads   []Lead   `json:"leads" nullable:"false"`
	More    bool     `json:"more" doc:"There are older ones: ask with the last id as before."`
	Total   int      `json:"total" doc:"In the period, on all pages."`
	Origins []Origin `json:"origins" nullable:"false" doc:"Who brought them the first time, the most frequent first, at most 20; in the period, on all pages."`
}

// Filter says which leads to list.
type Filter struct {
	// Since leaves out those marked before, in milliseconds; 0 for none.
	Since int64
	// SiteID empty means every site.
	SiteID string
	// Before is the last identifier of the page before; empty for the newest.
	Before string
	// Limit is 1 to 100.
	Limit int
}
