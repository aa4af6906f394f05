package plans

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// TestReading reads a package that says itself, in comments, what is to be found in it.
func TestReading(t *testing.T) {
	folder, err := filepath.Abs("testdata/shop")
	if err != nil {
		t.Fatal(err)
	}
	loaded, err := load(folder, ".")
	if err != nil {
		t.Fatal(err)
	}
	r := newReading(loaded[0], folder, []string{"orders", "lines"})
	r.run()
	var got []string
	for _, text := range r.texts {
		got = append(got, text.Place+" text "+text.Name)
	}
	for _, l := range r.loose {
		got = append(got, l.place+" loose")
	}
	source, err := os.ReadFile(filepath.Join(folder, "store.go"))
	if err != nil {
		t.Fatal(err)
	}
	var want []string
	for i, line := range strings.Split(string(source), "\n") {
		_, comment, _ := strings.Cut(line, " // ")
		for _, expected := range regexp.MustCompile(`loose|text [\w.]+`).FindAllString(comment, -1) {
			want = append(want, fmt.Sprintf("store.go:%d %s", i+1, expected))
		}
	}
	slices.Sort(got)
	slices.Sort(want)
	if !slices.Equal(got, want) {
		t.Errorf("got:\n%s\nwant:\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
}
