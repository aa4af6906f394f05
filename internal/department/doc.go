// Package department holds the departments of an account: visitors choose one, agents serve some, queues are per department.
//
// How a department works is in its Settings: hours and holidays by a time zone, the roulette's times, promised times, who may
// start a conversation. Outside its hours a department is not online, whoever is there.
//
// It owns the table departments and emits department.saved. Departments are asked for by every visitor who opens the chat, so
// all of them are held in memory (see Service.Load). A department is never deleted, only switched off: then visitors no longer
// see it, and those who already wait in it are still attended.
package department
