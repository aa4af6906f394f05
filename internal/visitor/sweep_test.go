package visitor

import (
	"testing"

	"pgregory.net/rapid"
)

func TestDeadlines_ComeInOrder(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var due deadlines
		visits := make([]*visit, 20)
		for i := range visits {
			visits[i] = &visit{index: noIndex}
		}
		in := map[*visit]bool{}
		t.Repeat(map[string]func(*rapid.T){
			"set": func(t *rapid.T) {
				v, at := rapid.SampledFrom(visits).Draw(t, "visit"), rapid.Int64Range(0, 50).Draw(t, "due")
				if in[v] {
					at = min(at, v.due) // a later deadline is left for when the nearer one comes
				}
				due.set(v, at)
				in[v] = true
			},
			"drop": func(t *rapid.T) {
				v := rapid.SampledFrom(visits).Draw(t, "visit")
				due.drop(v)
				delete(in, v)
			},
			"": func(t *rapid.T) {
				if len(due) != len(in) {
					t.Fatalf("%d deadlines of %d", len(due), len(in))
				}
				for i, v := range due {
					if int(v.index) != i || !in[v] || v.due < due[0].due {
						t.Fatalf("out of place: %d at %d", v.index, i)
					}
				}
			},
		})
	})
}
