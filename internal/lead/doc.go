// Package lead keeps whom the account's rules marked as leads: visitors who may become customers (P01). The rules are triggers whose
// action is `lead`; this package stores the mark with the credit to the first referrer, lists it, and takes it away.
//
// Of a visitor who has not agreed to be known nothing is stored: the mark stays in memory for as long as the visit lasts, and is stored
// when the visitor agrees (B11).
//
// How many leads each origin brought is counted with every mark, by day and in all; no list counts leads again.
//
// It owns the tables leads, lead_days and lead_origins, and emits lead.marked and lead.removed. It is a visitor.Sink. Imported by app.
package lead
