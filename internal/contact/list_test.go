package contact_test

import (
	"context"
	"fmt"
	"slices"
	"testing"

	"github.com/aceno-chat/aceno/internal/contact"
	"github.com/aceno-chat/aceno/internal/platform/eventlog"
	"github.com/aceno-chat/aceno/internal/platform/ident"
	"github.com/aceno-chat/aceno/internal/platform/store"
)

// stored is a request as the tests of lists look at it.
type stored struct {
	id, department string
	state          contact.State
}

// pour stores n requests of the account, whose department and state the function tells, the oldest first.
func (w *world) pour(t *testing.T, n int, of func(i int) (department string, state contact.State)) []stored {
	t.Helper()
	ids, list := &ident.Sequence{}, make([]stored, n)
	err := w.store.Write(t.Context(), func(ctx context.Context, tx *store.Tx) error {
		for i := range list {
			department, state := of(i)
			list[i] = stored{ids.New(), department, state}
			_, err := tx.Exec(ctx, `INSERT INTO contact_requests (id, account_id, client_id, site_id, department_id, visitor_id, name, email, phone,
				subject, message, page_url, language, state, created_at, changed_at) VALUES (?, 'a', ?, 's', ?, 'v', 'M', 'm@example.com', '', '', 'x', '', 'pt', ?, 0, 0)`,
				list[i].id, list[i].id, department, string(state))
			if err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	slices.Reverse(list)
	return list
}

func TestList_EachFilterPagesRightAmongManyOthers(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		departments := []string{"sales", "help", "closed"}
		for i := range 6 {
			id := fmt.Sprint("d", i)
			w.insert(t, "INSERT INTO departments (id, account_id, name, display_name, description, position, active, created_at) VALUES (?, 'a', ?, '', '', 0, ?, 0)", id, id, true)
			departments = append(departments, id)
		}
		// Nearly all lie in one department; the others have some here and there.
		all := w.pour(t, 900, func(i int) (string, contact.State) {
			state := contact.States()[i*7%11%3]
			if i%13 == 0 {
				return departments[i/13%len(departments)], state
			}
			return "sales", state
		})
		whole := eventlog.Scope{AgentID: "ana-a", All: true}
		scopes := map[string]eventlog.Scope{
			"everything": whole, "nothing": scope(), "one": scope("help"), "two": scope("d1", "d4"), "the crowded one too": scope("help", "sales", "d5"),
			"all but that": scope(departments[1:]...), "of another account": scope("theirs"),
		}
		for name, s := range scopes {
			for _, state := range append(contact.States(), "") {
				for _, department := range []string{"", "help", "d4", "theirs"} {
					var want, got []string
					for _, r := range all {
						if (s.All || s.DepartmentIDs[r.department]) && (state == "" || r.state == state) && (department == "" || department == r.department) {
							want = append(want, r.id)
						}
					}
					f := contact.Filter{State: state, DepartmentID: department, Limit: 7}
					if len(want) > 200 {
						f.Limit = 100
					}
					for {
						page, err := w.List(t.Context(), "a", s, f)
						if err != nil {
							t.Fatal(err)
						}
						for _, r := range page.Contacts {
							got = append(got, r.ID)
						}
						if !page.More {
							break
						}
						f.Before = got[len(got)-1]
					}
					if !slices.Equal(got, want) {
						t.Errorf("%s, state %q, department %q: %d listed, want %d", name, state, department, len(got), len(want))
					}
				}
			}
		}
	})
}

func TestList_CountsStopAtAThousand(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		w.pour(t, 2300, func(i int) (string, contact.State) {
			state := contact.InProgress
			if i%2 == 0 {
				state = contact.Open
			}
			return []string{"sales", "sales", "sales", "help"}[i%4], state
		})
		for name, row := range map[string]struct {
			scope eventlog.Scope
			want  contact.Counts
		}{
			"everything":      {eventlog.Scope{AgentID: "ana-a", All: true}, contact.Counts{Open: 1000, InProgress: 1000}},
			"one department":  {scope("help"), contact.Counts{InProgress: 575}},
			"the greater one": {scope("sales"), contact.Counts{Open: 1000, InProgress: 575}},
			"both":            {scope("sales", "help", "closed"), contact.Counts{Open: 1000, InProgress: 1000}},
		} {
			page, err := w.List(t.Context(), "a", row.scope, contact.Filter{Limit: 1})
			if err != nil || page.Counts != row.want {
				t.Errorf("%s: %+v, %v; want %+v", name, page.Counts, err, row.want)
			}
		}
	})
}
