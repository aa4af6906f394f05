// Package agent holds the people who attend: who they are, how they sign in, what status they wish, and who of them is here.
//
// It owns the tables agents, agent_departments, agent_days and sessions. It emits agent.saved, agent.status_changed,
// agent.preferences_changed and agent.session_ended; the last is what app reacts to by cutting the socket and returning
// conversations. Presence is memory only, fed by the event log and by the agents' sockets (see Presence). What it needs of accounts,
// departments and conversations comes by small interfaces that app wires.
//
// Sign-ins are paced by device, network and login (see SignInOn); wrong passwords are told to the operator and to the account.
package agent
