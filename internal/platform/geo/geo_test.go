package geo_test

import (
	"net/netip"
	"os"
	"path/filepath"
	"testing"

	"github.com/aceno-chat/aceno/internal/platform/geo"
)

func open(t *testing.T, path string) *geo.DB {
	t.Helper()
	db, err := geo.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := db.Close(); err != nil {
			t.Error(err)
		}
	})
	return db
}

func TestLookup_BuiltInCountries(t *testing.T) {
	db := open(t, "")
	for address, want := range map[string]string{
		"200.160.2.3":          "BR", // registro.br
		"2001:12ff:0:2::3":     "BR",
		"::ffff:200.160.2.3":   "BR",
		"17.0.0.1":             "US",
		"130.89.1.1":           "NL",
		"193.136.1.1":          "PT",
		"2001:660::1":          "FR",
		"2001:690:a00:1::1":    "PT",
		"10.1.2.3":             "",
		"127.0.0.1":            "",
		"::1":                  "",
		"fe80::1%eth0":         "",
		"0.0.0.0":              "",
		"240.0.0.1":            "",
		"255.255.255.255":      "",
		"ffff:ffff:ffff::ffff": "",
	} {
		if got := db.Lookup(netip.MustParseAddr(address)); got != (geo.Place{Country: want}) {
			t.Errorf("%s: got %+v, want country %q", address, got, want)
		}
	}
	if got := db.Lookup(netip.Addr{}); got != (geo.Place{}) {
		t.Errorf("no address: got %+v", got)
	}
}

func TestLookup_OwnDatabase(t *testing.T) {
	nested := object{
		"country":      object{"iso_code": "BR"},
		"subdivisions": list{object{"names": object{"en": "Parana", "pt-BR": "Paraná"}}},
		"city":         object{"names": object{"en": "Curitiba"}},
	}
	for name, row := range map[string]struct {
		record value
		want   geo.Place
	}{
		"nested": {nested, geo.Place{Country: "BR", Region: "Parana", City: "Curitiba"}},
		"flat":   {object{"country_code": "PT", "state1": "Lisboa", "city": "Oeiras"}, geo.Place{Country: "PT", Region: "Lisboa", City: "Oeiras"}},
		"only in Portuguese": {
			object{"country": object{"iso_code": "BR"}, "city": object{"names": object{"pt-BR": "Açu"}}},
			geo.Place{Country: "BR", City: "Açu"},
		},
		"without country": {object{"city": object{"names": object{"en": "Nowhere"}}}, geo.Place{Country: "US"}},
	} {
		t.Run(name, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), "city.mmdb")
			if err := os.WriteFile(path, database(row.record), 0o600); err != nil {
				t.Fatal(err)
			}
			db := open(t, path)
			if got := db.Lookup(netip.MustParseAddr("17.0.0.1")); got != row.want {
				t.Errorf("in the file: got %+v, want %+v", got, row.want)
			}
			if got := db.Lookup(netip.MustParseAddr("200.160.2.3")); got != (geo.Place{Country: "BR"}) {
				t.Errorf("not in the file: got %+v", got)
			}
		})
	}
}

func TestOpen_RefusesWhatIsNoDatabase(t *testing.T) {
	path := filepath.Join(t.TempDir(), "city.mmdb")
	if _, err := geo.Open(path); err == nil {
		t.Error("opened a missing file")
	}
	if err := os.WriteFile(path, []byte("no database"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := geo.Open(path); err == nil {
		t.Error("opened a text file")
	}
}

func TestTruncate(t *testing.T) {
	for address, want := range map[string]string{
		"200.160.2.3":        "200.160.2.0",
		"::ffff:200.160.2.3": "200.160.2.0",
		"2001:12ff:1:2::3":   "2001:12ff:1::",
		"fe80::1%eth0":       "fe80::",
	} {
		if got := geo.Truncate(netip.MustParseAddr(address)).String(); got != want {
			t.Errorf("%s: got %s, want %s", address, got, want)
		}
	}
	if got := geo.Truncate(netip.Addr{}); got.IsValid() {
		t.Errorf("no address: got %s", got)
	}
}

func BenchmarkLookup(b *testing.B) {
	db, err := geo.Open("")
	if err != nil {
		b.Fatal(err)
	}
	addr := netip.MustParseAddr("200.160.2.3")
	b.ReportAllocs()
	for b.Loop() {
		db.Lookup(addr)
	}
}
