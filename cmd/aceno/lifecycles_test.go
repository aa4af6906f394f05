package main

import (
	"os"
	"strings"
	"testing"
)

// TestLifecycles_AreThoseOfTheCode: docs/lifecycles.md is what the tables say now.
func TestLifecycles_AreThoseOfTheCode(t *testing.T) {
	var page strings.Builder
	if err := writeLifecycles(&page); err != nil {
		t.Fatal(err)
	}
	written, err := os.ReadFile("../../docs/lifecycles.md")
	if err != nil {
		t.Fatal(err)
	}
	if page.String() != string(written) {
		t.Error("docs/lifecycles.md differs from the tables of transitions: make generate")
	}
	said := 0
	for _, l := range lifecycles() {
		said += len(l.moves)
	}
	if told := len(when["Conversation"]) + len(when["Offer"]); told != said {
		t.Errorf("%d transitions are explained, %d exist", told, said)
	}
}

func TestLifecycles_WantAWordOnEachTransition(t *testing.T) {
	var page strings.Builder
	l := lifecycle{title: "Offer", begin: "a", moves: []move{{"forgotten", "a", "b"}}}
	if err := l.write(&page); err == nil || !strings.Contains(err.Error(), `"forgotten"`) {
		t.Errorf("got %v", err)
	}
}
