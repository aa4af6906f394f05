// Package account holds the companies an installation serves. Everything else belongs to exactly one of them.
//
// It owns the tables accounts and settings (the one-time set-up token) and creates the account's row in account_counters. It emits account.saved. Accounts are few and
// asked for on every request, so all of them are held in memory (see Service.Load). Its neighbours in the same row of the
// import rule (agent, department, site) never import it: what they need comes by small interfaces wired in app.
package account
