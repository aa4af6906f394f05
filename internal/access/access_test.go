package access_test

import (
	"regexp"
	"slices"
	"testing"

	"github.com/aceno-chat/aceno/internal/access"
)

func TestAll_ClosedList(t *testing.T) {
	shape := regexp.MustCompile(`^[a-z]+\.[a-z]+$`)
	seen := map[access.Permission]bool{}
	used := map[access.Group]bool{}
	for _, e := range access.All() {
		if !shape.MatchString(string(e.Permission)) {
			t.Errorf("%q is not noun.verb", e.Permission)
		}
		if seen[e.Permission] {
			t.Errorf("%q stands twice", e.Permission)
		}
		if !slices.Contains(access.Groups(), e.Group) {
			t.Errorf("%q is in the unknown group %q", e.Permission, e.Group)
		}
		seen[e.Permission], used[e.Group] = true, true
	}
	if len(used) != 5 {
		t.Errorf("permissions use %d groups, want the five of T197", len(used))
	}
}

func TestRolePermissions(t *testing.T) {
	tests := []struct {
		role   access.Role
		may    []access.Permission
		denied []access.Permission
	}{
		{access.Administrator, []access.Permission{access.AgentManage, access.SiteManage, access.SupervisionAll, access.QueueTake}, nil},
		{access.Supervisor, []access.Permission{access.SupervisionAll, access.QueueTake}, []access.Permission{access.AgentManage, access.DepartmentManage, access.SiteManage}},
		{access.Agent, []access.Permission{access.QueueTake, access.ConversationReply, access.VisitorView}, []access.Permission{access.SupervisionAll, access.AgentManage}},
		{"owner", nil, []access.Permission{access.QueueTake}},
	}
	for _, tt := range tests {
		t.Run(string(tt.role), func(t *testing.T) {
			for _, p := range tt.may {
				if !access.Allows(tt.role, p) {
					t.Errorf("may not %s", p)
				}
			}
			for _, p := range tt.denied {
				if access.Allows(tt.role, p) {
					t.Errorf("may %s", p)
				}
			}
			for _, p := range access.RolePermissions(tt.role) {
				if !access.Known(p) {
					t.Errorf("%s is not in the list", p)
				}
			}
		})
	}
	if got, want := len(access.RolePermissions(access.Administrator)), len(access.All()); got != want {
		t.Errorf("an administrator holds %d permissions, want all %d", got, want)
	}
}

func TestRolePermissions_GivesACopy(t *testing.T) {
	access.RolePermissions(access.Agent)[0] = access.AgentManage
	if access.Allows(access.Agent, access.AgentManage) {
		t.Fatal("a caller changed the role")
	}
}
