// Package grid is the live table of who is on an account's sites, and the windows that panels have on it.
//
// It never hides anyone (B03): filters, orders and counts are computed over everybody, and each panel receives only the rows in its
// windows, as changes, at most five times a second. The cost follows the changes and the windows, never visitors × agents:
//
//	visitor.Live ─VisitChanged─▶ intake: newest state per visit, exact counts, list of changed visits     (one short lock)
//	conversations ─SetConversation─▶  │
//	                                  ▼ five times a second, only while somebody watches
//	                             flush: each changed row against each view: nothing, or out of and into its counted B-tree
//	                                  ▼
//	                             windows: the rows of offset…offset+length against what the panel holds → one frame, or none
//
// A view (filter and order, normalised) is shared by all panels that use it and dropped when nobody does. Rows are immutable; one
// version is encoded once per flush for all windows.
//
// It owns the table grid_views (saved views) and emits grid.views_changed. Imported by app.
package grid
