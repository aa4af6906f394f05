package access

import (
	"slices"

	"github.com/aceno-chat/aceno/internal/platform/api"
)

// Permission names one thing that may be done. The list is closed: a route names one of these, the panel receives those of its agent.
type Permission = api.Permission

// The permissions. Their group is where an administrator finds them; names are those of docs/protocols.md, section 2.
const (
	QueueTake         Permission = "queue.take"
	QueueView         Permission = "queue.view"
	ConversationView  Permission = "conversation.view"
	ConversationReply Permission = "conversation.reply"
	ConversationEnd   Permission = "conversation.end"
	FileSend          Permission = "file.send"
	VisitorView       Permission = "visitor.view"
	VisitorBlock      Permission = "visitor.block"
	VisitorExport     Permission = "visitor.export"
	ContactManage     Permission = "contact.manage"
	BlockManage       Permission = "block.manage"
	AgentManage       Permission = "agent.manage"
	DepartmentManage  Permission = "department.manage"
	SiteManage        Permission = "site.manage"
	OutreachSend      Permission = "outreach.send"
	OutreachManage    Permission = "outreach.manage"
	TriggerManage     Permission = "trigger.manage"
	QuickReplyManage  Permission = "quickreply.manage"
	SupervisionUse    Permission = "supervision.use"
	FormManage        Permission = "form.manage"
	IntegrationManage Permission = "integration.manage"
	TeamChat          Permission = "team.chat"
	SupervisionAll    Permission = "supervision.all"
	AuditView         Permission = "audit.view"
	// ConversationTransfer is for giving a conversation to another agent or department.
	ConversationTransfer Permission = "conversation.transfer"
)

// Group is one of the five headings permissions are granted under (T197).
type Group string

// The groups, in the order an administrator sees them.
const (
	Method        Group = "method"
	Interactions  Group = "interactions"
	Registrations Group = "registrations"
	Views         Group = "views"
	Supervision   Group = "supervision"
)

// Entry is a permission with its group.
type Entry struct {
	Permission Permission
	Group      Group
}

var entries = []Entry{
	{QueueTake, Method},
	{ConversationReply, Interactions},
	{ConversationEnd, Interactions},
	{ConversationTransfer, Interactions},
	{FileSend, Interactions},
	{ContactManage, Interactions},
	{VisitorBlock, Interactions},
	{OutreachSend, Interactions},
	{TeamChat, Interactions},
	{AgentManage, Registrations},
	{DepartmentManage, Registrations},
	{SiteManage, Registrations},
	{BlockManage, Registrations},
	{OutreachManage, Registrations},
	{TriggerManage, Registrations},
	{FormManage, Registrations},
	{QuickReplyManage, Registrations},
	{IntegrationManage, Registrations},
	{QueueView, Views},
	{ConversationView, Views},
	{VisitorView, Views},
	{VisitorExport, Views},
	{SupervisionUse, Supervision},
	{SupervisionAll, Supervision},
	{AuditView, Supervision},
}

// All returns every permission with its group, in the order an administrator sees them. The caller may keep the slice.
func All() []Entry { return slices.Clone(entries) }

// Groups returns the five groups in order.
func Groups() []Group { return []Group{Method, Interactions, Registrations, Views, Supervision} }

// Known says whether p is in the list.
func Known(p Permission) bool {
	return slices.ContainsFunc(entries, func(e Entry) bool { return e.Permission == p })
}

// Role is a named set of permissions. Exactly one belongs to each agent.
type Role string

// The roles.
const (
	Administrator Role = "administrator"
	Supervisor    Role = "supervisor"
	Agent         Role = "agent"
)

// Roles returns every role, the mightiest first.
func Roles() []Role { return []Role{Administrator, Supervisor, Agent} }

// attending is what everybody who attends may do.
var attending = []Permission{
	QueueTake, ConversationReply, ConversationEnd, ConversationTransfer, FileSend, OutreachSend, ContactManage, TeamChat, QueueView, ConversationView, VisitorView, VisitorBlock,
}

var byRole = map[Role][]Permission{
	Agent:         attending,
	Supervisor:    append(slices.Clone(attending), VisitorExport, SupervisionUse, SupervisionAll),
	Administrator: permissions(),
}

func permissions() []Permission {
	list := make([]Permission, 0, len(entries))
	for _, e := range entries {
		list = append(list, e.Permission)
	}
	return list
}

// RolePermissions returns what the role may do; nothing for a role that is not in the list. The caller may keep the slice.
func RolePermissions(r Role) []Permission { return slices.Clone(byRole[r]) }

// Allows says whether the role holds p.
func Allows(r Role, p Permission) bool { return slices.Contains(byRole[r], p) }
