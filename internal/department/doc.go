// Package department holds the departments of an account: visitors choose one, agents serve some, queues are per department.
//
// It owns the table departments and emits department.saved. Departments are asked for by every visitor who opens the chat, so
// all of them are held in memory (see Service.Load). A department is never deleted, only switched off: then visitors no longer
// see it, and those who already wait in it are still attended.
package department
