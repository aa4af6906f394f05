// Package trigger holds the account's rules that act by themselves: when a visitor does this, from there, at such an hour, an invite
// is sent, the widget opens, a department is set, the visitor is marked as a lead (T210–T219, P01).
//
//	page view, time, agents come or go ──▶ lane (one goroutine for some of the visits)
//	    │  index: rules that this page, country, device … exclude are not looked at
//	    │  what is left is decided: yes · no · not before a moment · the page must say (scroll, leaving, seconds, click)
//	    ▼
//	yes, and the delay is over ──▶ worker: once per visitor or address (a row decides) ──▶ Actions
//	the page must say ──▶ frame `watch` ──▶ page ──▶ frame `met` ──▶ decided again
//
// Conditions are evaluated where the fact is: on the page for scroll, leaving intent, time on the page and clicks on the call icon, on
// the server for everything else. Of several rules that would show something at the same moment the one with the greatest priority
// does; the others have their turn at the next page view.
//
// It owns the tables triggers, trigger_runs and trigger_removals, and emits trigger.saved and trigger.removed. Imported by app.
package trigger
