package ident_test

import (
	"testing"
	"time"

	"github.com/aceno-chat/aceno/internal/platform/ident"
)

func TestMadeAt(t *testing.T) {
	before := time.Now().UnixMilli()
	at := ident.MadeAt(ident.V7{}.New())
	if after := time.Now().UnixMilli(); at < before || at > after {
		t.Errorf("made at %d, between %d and %d", at, before, after)
	}
	if at := ident.MadeAt("none"); at != 0 {
		t.Errorf("of what is no identifier: %d", at)
	}
}
