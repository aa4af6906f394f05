package lead_test

import (
	"cmp"
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"github.com/aceno-chat/aceno/internal/lead"
	"github.com/aceno-chat/aceno/internal/visitor"
)

// counted is what an aggregate over the leads themselves says of a period.
func counted(all []lead.Lead, f lead.Filter) (origins []lead.Origin, total int) {
	sums := map[lead.Origin]int{}
	for _, l := range all {
		if l.MarkedAt >= f.Since && (f.SiteID == "" || l.SiteID == f.SiteID) {
			sums[lead.Origin{ReferrerKind: l.First.ReferrerKind, ReferrerName: l.First.ReferrerName}]++
			total++
		}
	}
	for o, n := range sums {
		o.Count = n
		origins = append(origins, o)
	}
	slices.SortFunc(origins, func(a, b lead.Origin) int {
		return cmp.Or(cmp.Compare(b.Count, a.Count), cmp.Compare(a.ReferrerName, b.ReferrerName), cmp.Compare(a.ReferrerKind, b.ReferrerKind))
	})
	return origins[:min(len(origins), 20)], total
}

func TestList_CountersSayWhatAnAggregateWould(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		random := rand.New(rand.NewPCG(1, 2))
		w.clock.Advance(20_000 * 24 * time.Hour)
		var all []lead.Lead
		for i := range 240 {
			w.clock.Advance(time.Duration(random.IntN(7*60)) * time.Minute)
			v := visit("a", fmt.Sprint("v", i), 1)
			v.SiteID = []string{"site", "other"}[random.IntN(2)]
			v.ReferrerKind, v.ReferrerName = visitor.ReferrerSite, visitor.Intern(fmt.Sprintf("%02d.example", random.IntN(6)*random.IntN(6)))
			w.mark(v)
			w.mark(v) // known already: not counted again
			all = append(all, w.list("a", lead.Filter{Limit: 1}).Leads[0])
			if random.IntN(4) == 0 {
				gone := random.IntN(len(all))
				if err := w.Remove(t.Context(), "a", all[gone].ID); err != nil {
					t.Fatal(err)
				}
				all = slices.Delete(all, gone, gone+1)
			}
		}
		now := w.clock.Now().UnixMilli()
		day := now - now%(24*60*60*1000)
		for _, since := range []int64{0, 1, now - 30*24*60*60*1000, now - 12345678, day, day - 1, day + 1, now, now + 1} {
			for _, site := range []string{"", "site", "other", "none"} {
				f := lead.Filter{Since: since, SiteID: site}
				origins, total := counted(all, f)
				page := w.list("a", f)
				if page.Total != total || fmt.Sprint(page.Origins) != fmt.Sprint(origins) {
					t.Errorf("since %d, site %q: %d of %v, want %d of %v", since, site, page.Total, page.Origins, total, origins)
				}
			}
		}
		// What a migration fills in is what was kept meanwhile.
		for _, query := range []string{
			`SELECT count(*) FROM (SELECT account_id, site_id, marked_at / 86400000 AS day, referrer_kind, referrer_name, count(*) AS n FROM leads
				GROUP BY account_id, site_id, marked_at / 86400000, referrer_kind, referrer_name) AS counted LEFT JOIN lead_days d
				ON d.account_id = counted.account_id AND d.site_id = counted.site_id AND d.day = counted.day
				AND d.referrer_kind = counted.referrer_kind AND d.referrer_name = counted.referrer_name WHERE d.leads IS NULL OR d.leads <> n`,
			"SELECT sum(leads) - (SELECT count(*) FROM leads) FROM lead_days",
			"SELECT sum(leads) - (SELECT count(*) FROM leads) FROM lead_origins",
		} {
			var n int
			if err := w.store.Read().QueryRow(t.Context(), query).Scan(&n); err != nil || n != 0 {
				t.Errorf("%d rows differ, %v: %s", n, err, query)
			}
		}
	})
}

func TestList_EachFilterPagesThroughItsLeads(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		for i := range 60 {
			if i%3 == 0 { // some are marked at the same moment
				w.clock.Advance(time.Hour)
			}
			v := visit("a", fmt.Sprint("v", i), 1)
			v.SiteID = []string{"site", "site", "site", "other"}[i%4]
			w.mark(v)
		}
		all := w.list("a", lead.Filter{Limit: 100}).Leads
		if len(all) != 60 {
			t.Fatalf("%d leads", len(all))
		}
		for _, since := range []int64{0, all[20].MarkedAt, all[20].MarkedAt + 1, all[0].MarkedAt + 1} {
			for _, site := range []string{"", "site", "other"} {
				var want, got []string
				for _, l := range all {
					if l.MarkedAt >= since && (site == "" || l.SiteID == site) {
						want = append(want, l.ID)
					}
				}
				f := lead.Filter{Since: since, SiteID: site, Limit: 7}
				for {
					page := w.list("a", f)
					for _, l := range page.Leads {
						got = append(got, l.ID)
					}
					if !page.More {
						break
					}
					f.Before = got[len(got)-1]
				}
				if !slices.Equal(got, want) {
					t.Errorf("since %d, site %q: %v, want %v", since, site, got, want)
				}
			}
		}
	})
}

func TestList_GoesOnBehindALeadThatWasRemoved(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		for i := range 5 {
			w.clock.Advance(time.Second)
			w.mark(visit("a", fmt.Sprint("v", i), 1))
		}
		cursor := w.list("a", lead.Filter{Limit: 2}).Leads[1]
		if err := w.Remove(t.Context(), "a", cursor.ID); err != nil {
			t.Fatal(err)
		}
		page := w.list("a", lead.Filter{Before: cursor.ID})
		if len(page.Leads) != 3 || page.Leads[0].VisitorID != "v2" {
			t.Errorf("after the removal: %+v", page.Leads)
		}
	})
}
