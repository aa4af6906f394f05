// Package site holds the monitored web sites of an account: the key their script carries and the domains it may run on.
//
// It owns the table sites and emits site.saved. Every request of every visitor names a site, so all of them are held in memory
// (see Service.Load): an unknown key costs no query. A site is never deleted, only switched off.
package site
