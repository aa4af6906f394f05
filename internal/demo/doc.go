// Package demo makes an installation that looks alive: an account with its departments and agents, and visitors who browse the demo
// shop, come back, ask for contact and talk.
//
// The visitors are real to the server: each gets the shop's pages over HTTP, opens the visitor's socket and sends what a browser would
// (docs/protocols.md, section 3). One schedule moves them all; between two moves a visitor costs a timer's entry and a socket.
// What each of them does is drawn from a seed, so that a demo can be repeated; when it does so depends on the server's answers.
//
// Each visitor sends its own address in X-Forwarded-For, so that the grid shows countries: the server has to trust the loopback
// addresses as a proxy.
package demo
