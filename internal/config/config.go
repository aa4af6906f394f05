// Package config is everything an operator may set, in one struct documented by its tags. Nothing needs to be set.
//
// Each value comes, in this order of force, from a flag, from the environment variable in its tag, or from a JSON file
// (`--config`) whose keys are the flags' names; else from its default.
package config

import (
	"encoding/hex"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/netip"
	"os"
	"path/filepath"
	"strings"

	"github.com/aceno-chat/aceno/internal/platform/address"
	"github.com/aceno-chat/aceno/internal/platform/blob"
	"github.com/aceno-chat/aceno/internal/platform/bus"
	"github.com/aceno-chat/aceno/internal/platform/installation"
	"github.com/aceno-chat/aceno/internal/platform/mail"
	"github.com/aceno-chat/aceno/internal/platform/store"
)

// Server is the configuration of one node.
type Server struct {
	Addr           string   `help:"Address to listen on, as host:port." default:":8080" env:"ACENO_ADDR"`
	Data           string   `help:"Folder of the database, the files and the installation's key." default:"./aceno-data" env:"ACENO_DATA" type:"path"`
	DatabaseURL    string   `help:"postgres://… to use PostgreSQL, or sqlite:FILE; empty for SQLite in the data folder." env:"ACENO_DATABASE_URL"`
	FilesURL       string   `help:"Where files go: file:FOLDER or s3://bucket?region=…; empty for the data folder." env:"ACENO_FILES_URL"`
	SecretKey      string   `help:"64 hexadecimal digits that sign visitors' tokens and file links, the same on every node; empty to keep one in the data folder." env:"ACENO_SECRET_KEY"`
	NewKey         bool     `help:"Go on with another key, once, after the old one was lost for good: visitors begin anew, links to files and signed identities from before are worth nothing, and the audit log can be verified no further back."`
	NATSURL        string   `help:"nats://… of an outside NATS; empty for the one inside the process." env:"ACENO_NATS_URL" name:"nats-url" aliases:"natsurl"`
	PublicURL      string   `help:"Address under which browsers reach this server, as https://chat.example.com; empty to take it from each request." env:"ACENO_PUBLIC_URL"`
	TrustedProxies []string `help:"Networks whose X-Forwarded-For is believed, as 10.0.0.0/8." env:"ACENO_TRUSTED_PROXIES"`
	TLSCert        string   `help:"Certificate file, to serve HTTPS without a proxy." env:"ACENO_TLS_CERT" type:"path"`
	TLSKey         string   `help:"Key file of the certificate." env:"ACENO_TLS_KEY" type:"path"`
	GeoDatabase    string   `help:"A MaxMind-format city database; empty for the built-in countries." env:"ACENO_GEO_DATABASE" type:"path"`
	MaxVisitors    int      `help:"Most visitors one account shows at the same time; those beyond are counted, and may still talk." default:"200000" env:"ACENO_MAX_VISITORS"`
	MaxPerAddress  int      `help:"Most connections of one network (an IPv4 address, or the /64 of an IPv6 one), and as many requests at a time; 0 for no limit." default:"1000" env:"ACENO_MAX_PER_ADDRESS"`
	VisitorMemory  int      `help:"Most memory for who is on the sites now, in MB; 0 for a quarter of what the process may use, from 64 to 1,024." default:"0" env:"ACENO_VISITOR_MEMORY"`
	KeepEvents     int      `help:"Days the event log is kept for clients that come back." default:"7" env:"ACENO_KEEP_EVENTS"`
	SMTPURL        string   `help:"Mail server, as smtp://user:password@mail.example.com:587 (STARTTLS required; ?tls=none for one on the same machine) or smtps://…:465; empty to send no mail." env:"ACENO_SMTP_URL" name:"smtp-url" aliases:"smtpurl"`
	MailFrom       string   `help:"Sender of mail, as Loja <nao-responda@example.com>." env:"ACENO_MAIL_FROM"`
	MetricsAddr    string   `help:"Address to serve /metrics on, as host:port, for this machine only unless you say otherwise; empty for none." default:"127.0.0.1:9464" env:"ACENO_METRICS_ADDR"`
	MetricsToken   string   `help:"Serve /metrics with everything else too, for who shows this token (Authorization: Bearer …); at least 16 characters. Empty: not there." env:"ACENO_METRICS_TOKEN"`
	LogLevel       string   `help:"debug, info, warn or error." default:"info" enum:"debug,info,warn,error" env:"ACENO_LOG_LEVEL"`
	LogFormat      string   `help:"text or json." default:"text" enum:"text,json" env:"ACENO_LOG_FORMAT"`
}

// shortestToken is how long a token of an operator's is at least, in bytes.
const shortestToken = 16

// Check says what is wrong with the values, naming the flag and what it takes. No address is shown: there may be a password in it.
func (s Server) Check() error {
	problems := s.checkAddresses()
	if _, err := s.Proxies(); err != nil {
		problems = append(problems, err)
	}
	if key, err := hex.DecodeString(s.SecretKey); err != nil || (len(key) != 0 && len(key) != installation.KeyBytes) {
		problems = append(problems, errors.New("--secret-key: 64 hexadecimal digits"))
	}
	if (s.TLSCert == "") != (s.TLSKey == "") {
		problems = append(problems, errors.New("--tls-cert and --tls-key go together"))
	}
	if s.MaxVisitors < 1 || s.MaxVisitors > 5_000_000 {
		problems = append(problems, errors.New("--max-visitors: from 1 to 5,000,000"))
	}
	if s.MetricsAddr != "" {
		if _, port, err := net.SplitHostPort(s.MetricsAddr); err != nil || port == "" {
			problems = append(problems, errors.New("--metrics-addr: host:port, as 127.0.0.1:9464, or empty for none"))
		}
	}
	if n := len(s.MetricsToken); n > 0 && n < shortestToken {
		problems = append(problems, fmt.Errorf("--metrics-token: at least %d characters", shortestToken))
	}
	if s.MaxPerAddress < 0 {
		problems = append(problems, errors.New("--max-per-address: 0 or more"))
	}
	if s.VisitorMemory != 0 && (s.VisitorMemory < 16 || s.VisitorMemory > 1<<20) {
		problems = append(problems, errors.New("--visitor-memory: 0, or from 16 to 1,048,576 MB"))
	}
	if s.KeepEvents < 1 || s.KeepEvents > 3650 {
		problems = append(problems, errors.New("--keep-events: from 1 to 3,650 days"))
	}
	return errors.Join(problems...)
}

// checkAddresses checks the settings that may hold a user and a password.
func (s Server) checkAddresses() []error {
	var problems []error
	for _, setting := range []struct {
		flag, value string
		check       func(string) error
	}{
		{"--public-url", s.PublicURL, checkPublic},
		{"--database-url", s.DatabaseURL, store.CheckURL},
		{"--files-url", s.FilesURL, blob.CheckURL},
		{"--nats-url", s.NATSURL, bus.CheckURL},
	} {
		if setting.value == "" {
			continue
		}
		if err := setting.check(setting.value); err != nil {
			problems = append(problems, fmt.Errorf("%s: %w", setting.flag, err))
		}
	}
	if (s.SMTPURL == "") != (s.MailFrom == "") {
		problems = append(problems, errors.New("--smtp-url and --mail-from go together"))
	} else if s.SMTPURL != "" {
		if _, err := mail.NewSMTP(s.SMTPURL, s.MailFrom); err != nil {
			problems = append(problems, fmt.Errorf("--smtp-url, --mail-from: %w", err))
		}
	}
	return problems
}

// checkPublic holds the address of the installation to an origin: browsers ask for everything from its root.
func checkPublic(text string) error {
	u, err := address.Parse(text, "https", "http")
	switch {
	case err != nil:
	case u.Host == "":
		err = errors.New("names no host")
	case u.User != nil:
		err = errors.New("takes no user and no password")
	case strings.Trim(u.Path, "/") != "":
		err = errors.New("takes no path: give the installation a host of its own")
	case u.RawQuery != "" || u.ForceQuery:
		err = errors.New("takes no parameters")
	}
	if err != nil {
		return fmt.Errorf("the address %w; it is written as https://chat.example.com", err)
	}
	return nil
}

// Proxies returns the trusted networks.
func (s Server) Proxies() ([]netip.Prefix, error) {
	prefixes := make([]netip.Prefix, 0, len(s.TrustedProxies))
	for _, text := range s.TrustedProxies {
		if p, err := netip.ParsePrefix(text); err == nil {
			prefixes = append(prefixes, p)
		} else if a, err := netip.ParseAddr(text); err == nil {
			prefixes = append(prefixes, netip.PrefixFrom(a, a.BitLen()))
		} else {
			return nil, fmt.Errorf("--trusted-proxies: %q is neither an address nor a network as 10.0.0.0/8", text)
		}
	}
	return prefixes, nil
}

// StoreURL returns the database's address: SQLite in the data folder when none was given.
func (s Server) StoreURL() string {
	if s.DatabaseURL != "" {
		return s.DatabaseURL
	}
	return "sqlite:" + filepath.Join(s.Data, "aceno.db")
}

// BlobURL returns where files go: the data folder when nothing was given.
func (s Server) BlobURL() string {
	if s.FilesURL != "" {
		return s.FilesURL
	}
	return "file:" + filepath.Join(s.Data, "files")
}

// KeySource returns where the installation's key is: the one given, else the one in the data folder.
func (s Server) KeySource() installation.KeySource {
	return installation.KeySource{Given: s.SecretKey, File: filepath.Join(s.Data, "installation.key"), Replace: s.NewKey}
}

// Logger returns the logger the values ask for, on standard error.
func (s Server) Logger() *slog.Logger {
	var level slog.Level
	if err := level.UnmarshalText([]byte(s.LogLevel)); err != nil {
		level = slog.LevelInfo
	}
	options := &slog.HandlerOptions{Level: level}
	if s.LogFormat == "json" {
		return slog.New(slog.NewJSONHandler(os.Stderr, options))
	}
	return slog.New(slog.NewTextHandler(os.Stderr, options))
}
