package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"os"
	"strings"
	"time"

	"github.com/KimMachineGun/automemlimit/memlimit"

	"github.com/aceno-chat/aceno/internal/app"
	"github.com/aceno-chat/aceno/internal/config"
	"github.com/aceno-chat/aceno/internal/platform/store"
)

// stopTimeout bounds the farewells at the end. What was acknowledged is safe before that.
const stopTimeout = 15 * time.Second

type serveCommand struct {
	config.Server `embed:""`
}

// Run serves until the process is told to stop.
func (c *serveCommand) Run(ctx context.Context) error {
	logger := c.Logger()
	limitMemory(logger)
	a, err := app.New(ctx, c.Server, app.Options{Version: version, Logger: logger})
	if err != nil {
		return err
	}
	if err := a.Start(ctx); err != nil {
		return errors.Join(err, stopped(a))
	}
	base := publicBase(c.Server, a.Addr())
	token, err := a.PrepareSetup(ctx)
	if err != nil {
		return errors.Join(err, stopped(a))
	}
	fmt.Printf("Aceno %s is listening on %s\n", version, base)
	if token != "" {
		fmt.Printf("\nNobody can sign in yet. Create the first administrator here (the address works once):\n\n  %s/setup#token=%s\n\n", base, token)
	}
	return wait(ctx, a, func() {})
}

// limitMemory tells the garbage collector how much memory the container or service may use, unless GOMEMLIMIT says it: with much to
// collect the process would else grow past the limit and be killed.
func limitMemory(logger *slog.Logger) {
	if _, err := memlimit.Set(); err != nil {
		logger.Debug("no memory limit is known", "error", err)
	}
}

// wait returns when the process is told to stop, or the server failed, after everything was ended in order: first what before ends.
func wait(ctx context.Context, a *app.App, before func()) error {
	var failure error
	select {
	case <-ctx.Done():
	case failure = <-a.Failed():
	}
	before()
	return errors.Join(failure, stopped(a))
}

func stopped(a *app.App) error {
	ctx, cancel := context.WithTimeout(context.Background(), stopTimeout)
	defer cancel()
	return a.Stop(ctx)
}

// publicBase is the address to print: the configured one, else one that works in a browser on this machine.
func publicBase(c config.Server, addr string) string {
	if c.PublicURL != "" {
		return strings.TrimSuffix(c.PublicURL, "/")
	}
	scheme := "http"
	if c.TLSCert != "" {
		scheme = "https"
	}
	host, port, err := net.SplitHostPort(addr)
	if ip := net.ParseIP(host); err == nil && ip != nil && ip.IsUnspecified() {
		host = "localhost"
	}
	return scheme + "://" + net.JoinHostPort(host, port)
}

type migrateCommand struct {
	config.Server `embed:""`
}

// Run brings the schema to this version.
func (c *migrateCommand) Run(ctx context.Context) error {
	if err := c.Check(); err != nil {
		return err
	}
	if err := os.MkdirAll(c.Data, 0o700); err != nil {
		return fmt.Errorf("the data folder: %w", err)
	}
	st, err := store.Open(ctx, store.Config{URL: c.StoreURL(), Logger: c.Logger()})
	if err != nil {
		return err
	}
	return errors.Join(st.Migrate(ctx), st.Close())
}

type openAPICommand struct{}

// Run prints the API's document. It needs no database of its own: it makes one for the moment.
func (openAPICommand) Run(ctx context.Context) error {
	dir, err := os.MkdirTemp("", "aceno-openapi")
	if err != nil {
		return fmt.Errorf("a folder for the moment: %w", err)
	}
	defer func() { _ = os.RemoveAll(dir) }()
	quiet := config.Server{
		Addr: "127.0.0.1:0", Data: dir, MaxVisitors: 1, KeepEvents: 1, LogLevel: "error", LogFormat: "text",
	}
	// The document describes the interface, not the build: it has the interface's version.
	a, err := app.New(ctx, quiet, app.Options{Version: apiVersion, Logger: quiet.Logger()})
	if err != nil {
		return err
	}
	document, err := a.Document()
	if err == nil {
		_, err = fmt.Println(string(document))
	}
	return errors.Join(err, stopped(a))
}

// apiVersion is the version of the HTTP interface, raised when it changes for its callers.
const apiVersion = "1"
