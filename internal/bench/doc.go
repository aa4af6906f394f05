// Package bench measures an installation as its users load it: visitors who connect, browse and write, agents whose panels watch, and
// a server that is killed in the middle of it.
//
// Without an address it starts the server itself, as a child process of the same binary on an empty data folder, a fresh one for each
// scenario, so that memory and processor time are read from /proc. The clients run in the bench's own process, on the same machine:
// their share of the processors is part of every figure, as docs/ARCHITECTURE.md says of the figures to reach.
//
// How the numbers come about:
//
//   - Load is open: requests begin at random times of a given mean rate (a Poisson process) and never wait for one another, so that a
//     server that stops answering does not slow down the questions (no coordinated omission). A request that its own generator began
//     more than latenessAllowed late counts from the time it was due.
//   - Percentiles are exact: every latency is kept and sorted.
//   - Every message has an identifier of its own, and is waited for at its receiver's socket: lost and doubled ones are counted.
//   - A past (--history) is filled in once, by package history; each scenario begins with a copy of it. Each figure is held against the
//     same one without it.
//   - Memory is the server's VmRSS, read after a garbage collection that began after the load.
package bench
