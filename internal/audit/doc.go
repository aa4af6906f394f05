// Package audit keeps who did what to others' work, so that it can be shown that nothing was changed afterwards (B13).
//
// Each account has one chain of entries. An entry's seal is a keyed hash over the seal before it and everything the entry says,
// so that a changed, missing, moved or added entry breaks the chain where it stands. The key is the installation's: whoever can
// write to the database alone cannot mend the chain.
//
// Entries are added by Record, in the write of what they tell of, and never changed. There is no event of them.
//
// Owns the tables audit_entries and audit_heads.
package audit
