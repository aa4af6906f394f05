package trigger

// WatchFrame asks the visitor's page to watch for what only it can see. It replaces the one before.
type WatchFrame struct {
	T string `json:"t" enum:"watch"`
	// Page tells which page view it is for; the answers name it too.
	Page    int32   `json:"id" doc:"The page view, counted from 1."`
	Elapsed int64   `json:"elapsed" doc:"Milliseconds since the page view."`
	Watches []Watch `json:"watches" nullable:"false"`
}

// Watch is what the page has to see for one rule.
type Watch struct {
	ID         string          `json:"id"`
	Match      Match           `json:"match" enum:"all,any"`
	Conditions []PageCondition `json:"conditions" nullable:"false"`
}

// PageCondition is a condition as the page is told it: exactly one field is set.
type PageCondition struct {
	Scroll  int  `json:"scroll,omitempty" doc:"Percent of the page."`
	Seconds int  `json:"seconds,omitempty" doc:"Since the page view."`
	Leaving bool `json:"leaving,omitempty"`
	Click   bool `json:"click,omitempty" doc:"On the call."`
}

// DepartmentFrame tells the page which department the visitor's contact goes to.
type DepartmentFrame struct {
	T          string `json:"t" enum:"department"`
	Department string `json:"id"`
}
