// Package note keeps what agents note about a visitor (T126, T130): signed, dated, seen in every conversation of the same person.
//
// A note belongs to the conversation it was written in; it is found again by the visitor's proven identity, e-mail address, or browser.
// Only its author changes it; its author and those who supervise everything remove it. It never reaches a visitor.
//
// Owns the table notes. Emits note.changed, which carries no text: panels that show notes ask for them again. Imported by app.
package note
