package config_test

import (
	"encoding/json"
	"os"
	"path/filepath"
	"regexp"
	"slices"
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
		"--visitor-memory":  {"--visitor-memory", "8"},
		"--keep-events":     {"--keep-events", "0"},
	}
	for flag, args := range rows {
		if err := parse(t, args...).Check(); err == nil || !strings.Contains(err.Error(), flag) {
			t.Errorf("%v: %v, want it to name %s", args, err, flag)
		}
	}
}

// TestCheck_NamesTheCauseAndKeepsPasswords: the flag, what is wrong and what is right, never the address. All passwords are S3gredo.
func TestCheck_NamesTheCauseAndKeepsPasswords(t *testing.T) {
	text, err := os.ReadFile("testdata/addresses.json")
	if err != nil {
		t.Fatal(err)
	}
	var rows []struct{ ID, Flag, Value, Says string }
	if err := json.Unmarshal(text, &rows); err != nil {
		t.Fatal(err)
	}
	for _, row := range rows {
		args := []string{row.Flag, row.Value}
		if row.Flag == "--smtp-url" {
			args = append(args, "--mail-from", "a@loja.example")
		}
		err := parse(t, args...).Check()
		if err == nil || !strings.Contains(err.Error(), row.Flag) || !strings.Contains(err.Error(), row.Says) {
			t.Errorf("%s: %v, want it to name %s and %q", row.ID, err, row.Flag, row.Says)
			continue
		}
		for _, piece := range []string{"S3g", "gred", "edo", "caixa", "CHAVE", "loja.example/", "@loja", "%zz"} {
			if strings.Contains(err.Error(), piece) {
				t.Errorf("%s shows %q: %v", row.ID, piece, err)
			}
		}
	}
}

func TestCheck_TakesAddressesAsTheGuideHasThem(t *testing.T) {
	rows := [][]string{
		{"--smtp-url", "smtp://caixa@loja.example:S3gredo%23x@mail.loja.example:587", "--mail-from", "Loja <nao-responda@loja.example>"},
		{"--smtp-url", "smtp://127.0.0.1?tls=none", "--mail-from", "nao-responda@loja.example"},
		{"--smtpurl", "smtps://u:p@mail.loja.example:465", "--mail-from", "a@loja.example", "--natsurl", "nats://127.0.0.1"},
		{"--nats-url", "nats://caixa:S3gredo@10.0.0.1:4222,tls://10.0.0.2:4222"},
		{"--files-url", "s3://balde?region=sa-east-1&endpoint=https://s3.example"},
		{"--files-url", "file:/srv/aceno files"},
		{"--database-url", "postgres://aceno:secret@db/aceno?sslmode=disable"},
		{"--database-url", "sqlite:/srv/a#b?.db"},
		{"--public-url", "https://chat.example.com/"},
	}
	for _, args := range rows {
		if err := parse(t, args...).Check(); err != nil {
			t.Errorf("%v: %v", args, err)
		}
	}
}

// TestFlags_AreCalledAsInTheGuide compares the guide's table with the flags, both ways.
func TestFlags_AreCalledAsInTheGuide(t *testing.T) {
	var c config.Server
	parser, err := kong.New(&c)
	if err != nil {
		t.Fatal(err)
	}
	var flags []string
	for _, flag := range parser.Model.Flags {
		if len(flag.Envs) > 0 {
			flags = append(flags, "--"+flag.Name+" "+flag.Envs[0])
		}
	}
	slices.Sort(flags)
	for _, guide := range []string{"operate.md", "operate.pt-BR.md"} {
		text, err := os.ReadFile(filepath.Join("../../docs/guide", guide))
		if err != nil {
			t.Fatal(err)
		}
		var told []string
		for _, row := range regexp.MustCompile("(?m)^\\| `(--[a-z-]+)` \\| `(ACENO_[A-Z_]+)` \\|").FindAllStringSubmatch(string(text), -1) {
			told = append(told, row[1]+" "+row[2])
		}
		slices.Sort(told)
		if !slices.Equal(told, flags) {
			t.Errorf("%s has %v, the program %v", guide, told, flags)
		}
	}
}
