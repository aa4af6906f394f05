// Under the race detector SQLite, which is Go code here, takes minutes to fill: stage plans of scripts/check runs this without it.

//go:build !race

package bench

import (
	"io"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/aceno-chat/aceno/internal/platform/store/storetest"
)

// TestReads_OfAPast has the product read everything that was filled in, over its own API.
func TestReads_OfAPast(t *testing.T) {
	t.Setenv("BENCH_TEST_SERVER", "whole")
	temporary := t.TempDir()
	t.Setenv("TMPDIR", temporary)
	for engine, url := range map[string]string{"sqlite": "", "postgres": os.Getenv(storetest.PostgresEnv)} {
		t.Run(engine, func(t *testing.T) {
			if engine == "postgres" && url == "" {
				t.Skip("no PostgreSQL")
			}
			c := &Command{History: []int{0, 2000}, DatabaseURL: url, Output: io.Discard}
			b := benchOf(c)
			b.binary, b.Only = os.Args[0], []string{"reads"}
			if err := b.run(t.Context()); err != nil {
				t.Fatal(err)
			}
			empty := slices.IndexFunc(b.report.Figures, func(f Figure) bool { return f.History > 0 })
			if empty < 50 || len(b.report.Figures)-empty < empty {
				t.Errorf("%d figures, of them %d without a past", len(b.report.Figures), empty)
			}
			for _, f := range b.report.Figures[empty:] {
				if old := strings.Contains(f.Name, "{old "); f.Ratio == nil && !old || f.Value <= 0 {
					t.Errorf("%s: %g ms, ratio %v", f.Name, f.Value, f.Ratio)
				}
			}
			for _, name := range b.report.Unmeasured {
				if !strings.Contains(name, "{old ") || strings.Contains(name, "past conversations") {
					t.Errorf("not measured: %s", name)
				}
			}
			left, err := os.ReadDir(temporary)
			if err != nil || len(left) > 0 {
				t.Errorf("left behind: %v, %v", left, err)
			}
		})
	}
}
