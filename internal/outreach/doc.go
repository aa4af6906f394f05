// Package outreach is what agents and triggers send to visitors who have asked nothing yet: invites, promotions, redirects,
// the chat opened, a message of the team (spec section 5).
//
// A template is what an administrator prepared; a delivery is one sending to one visitor, with its fate:
//
//	queued ──page says it has it──▶ delivered ──seen──▶ shown ──▶ accepted | refused | clicked | failed | expired
//	   └────60 s without a page──▶ expired                └──visit over, another took its place──▶ expired
//
// The page may say things late, twice or in the wrong order: every state only moves forward, by one conditional update that names
// the states it may come from; the end of a delivery is final. At most one delivery waits for its answer per visitor, which the
// store enforces. What has no answer yet is also kept in memory, fed by the event log: a page that opens is sent it again, the
// sweep looks at its deadline, and what a page says about anything else costs no write.
//
// What became of what triggers sent is counted with every step; no report counts deliveries again.
//
// Owns the tables outreach_templates, outreach_images, outreach_settings, outreach_deliveries and outreach_outcomes.
// Emits outreach.changed, outreach.template_saved and outreach.settings_saved. Imported by trigger, app and above.
package outreach
