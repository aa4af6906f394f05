package config_test

import (
	"strings"
	"testing"

	"github.com/alecthomas/kong"

	"github.com/aceno-chat/aceno/internal/config"
)

func parse(t *testing.T, args ...string) config.Server {
	t.Helper()
	var c config.Server
	parser, err := kong.New(&c)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := parser.Parse(args); err != nil {
		t.Fatal(err)
	}
	return c
}

func TestDefaults_NeedNothing(t *testing.T) {
	c := parse(t)
	if err := c.Check(); err != nil {
		t.Fatal(err)
	}
	if !strings.HasPrefix(c.StoreURL(), "sqlite:") || !strings.HasSuffix(c.StoreURL(), "aceno-data/aceno.db") || c.Addr != ":8080" {
		t.Fatalf("%+v", c)
	}
}

func TestEnvironment_SetsWhatFlagsDoNot(t *testing.T) {
	t.Setenv("ACENO_DATABASE_URL", "postgres://db/aceno")
	t.Setenv("ACENO_ADDR", ":9")
	c := parse(t, "--addr", ":10")
	if c.StoreURL() != "postgres://db/aceno" || c.Addr != ":10" {
		t.Fatalf("%+v", c)
	}
}

func TestCheck_NamesTheFlag(t *testing.T) {
	rows := map[string][]string{
		"--public-url":      {"--public-url", "chat.example.com"},
		"--trusted-proxies": {"--trusted-proxies", "everyone"},
		"--secret-key":      {"--secret-key", "abc"},
		"--tls-cert":        {"--tls-cert", "x.pem"},
		"--database-url":    {"--database-url", "mysql://x"},
		"--max-visitors":    {"--max-visitors", "0"},
		"--max-per-address": {"--max-per-address=-1"},
		"--keep-events":     {"--keep-events", "0"},
	}
	for flag, args := range rows {
		if err := parse(t, args...).Check(); err == nil || !strings.Contains(err.Error(), flag) {
			t.Errorf("%v: %v, want it to name %s", args, err, flag)
		}
	}
}
