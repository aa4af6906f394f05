package main

import (
	"strings"
	"testing"
)

func TestRun_ShowsNoPasswordThatWasTypedInAWrongPlace(t *testing.T) {
	for _, args := range [][]string{
		{"serve", "smtp://caixa:S3gredo@mail"},
		{"serve", "--smtp", "smtp://caixa:S3gredo@mail"},
		{"serve", "--log-level=smtp://caixa:S3gredo@mail"},
		{"serve", "--keep-events=nats://caixa:S3gredo@host"},
		{"nats://caixa:S3gredo@host"},
	} {
		if err := run(args); err == nil || strings.Contains(err.Error(), "S3g") || !strings.Contains(err.Error(), "--help") {
			t.Errorf("%v: %v", args, err)
		}
	}
}
