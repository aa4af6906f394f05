package main

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"os"
	"strings"
	"sync"
	"time"

	"github.com/aceno-chat/aceno/internal/app"
	"github.com/aceno-chat/aceno/internal/config"
	"github.com/aceno-chat/aceno/internal/demo"
	"github.com/aceno-chat/aceno/internal/platform/clock"
	"github.com/aceno-chat/aceno/internal/platform/mail"
	shop "github.com/aceno-chat/aceno/web/demo"
)

type demoCommand struct {
	Addr     string `help:"Address of the server, as host:port." default:":8080"`
	ShopAddr string `help:"Address of the shop, which is another origin." default:":8081"`
	Visitors int    `help:"Simulated visitors, 0 to 5,000." default:"300"`
	Data     string `help:"Folder to keep the demo in; empty for a temporary one that goes with the process." type:"path"`
	LogLevel string `help:"debug, info, warn or error." default:"warn" enum:"debug,info,warn,error"`
}

// Run shows the product to somebody who has just built it.
func (c *demoCommand) Run(ctx context.Context) (err error) {
	data := c.Data
	if data == "" {
		if data, err = os.MkdirTemp("", "aceno-demo"); err != nil {
			return fmt.Errorf("a folder for the demo: %w", err)
		}
		defer func() { err = errors.Join(err, os.RemoveAll(data)) }()
	}
	server := config.Server{
		Addr: c.Addr, Data: data, MaxVisitors: 200_000, KeepEvents: 7, LogLevel: c.LogLevel, LogFormat: "text",
		// The simulated visitors name the places they come from.
		TrustedProxies: []string{"127.0.0.0/8", "::1/128"},
	}
	outbox := mail.NewOutbox(clock.System{})
	a, err := app.New(ctx, server, app.Options{Version: version, Logger: server.Logger(), Mail: outbox})
	if err != nil {
		return err
	}
	if err := a.Start(ctx); err != nil {
		return errors.Join(err, stopped(a))
	}
	if err := c.show(ctx, a, server, publicBase(server, a.Addr()), outbox); err != nil {
		return errors.Join(err, stopped(a))
	}
	return nil
}

// show fills the account, opens the shop and lets the visitors in, until the process is told to stop.
func (c *demoCommand) show(ctx context.Context, a *app.App, server config.Server, base string, outbox *mail.Outbox) error {
	var lc net.ListenConfig
	listener, err := lc.Listen(ctx, "tcp", c.ShopAddr)
	if err != nil {
		return fmt.Errorf("open the shop on %s: %w", c.ShopAddr, err)
	}
	shopBase := publicBase(config.Server{}, listener.Addr().String())
	seeded, err := a.SeedDemo(ctx, strings.TrimPrefix(shopBase, "http://"))
	if err != nil {
		return errors.Join(err, listener.Close())
	}
	visitors, err := demo.NewVisitors(demo.Options{Visitors: c.Visitors, Seed: uint64(time.Now().UnixNano()), Logger: server.Logger()})
	if err != nil {
		return errors.Join(err, listener.Close())
	}
	pages := http.NewServeMux()
	pages.Handle("GET /outbox", demo.OutboxPage(outbox))
	pages.Handle("/", shop.Handler(base, seeded.SiteKey))
	shopServer := &http.Server{Handler: pages, ReadHeaderTimeout: 10 * time.Second}
	var running sync.WaitGroup
	running.Go(func() { _ = shopServer.Serve(listener) }) // ends with Shutdown
	visiting, stopVisiting := context.WithCancel(ctx)
	running.Go(func() {
		if err := visitors.Run(visiting, base, shopBase, seeded.SiteKey); err != nil && visiting.Err() == nil {
			fmt.Fprintln(os.Stderr, "aceno: the simulated visitors stopped:", err)
		}
	})
	announce(base, shopBase, seeded, c.Visitors)
	failure := wait(ctx, a, func() {
		stopVisiting()
		end, cancel := context.WithTimeout(context.Background(), stopTimeout)
		defer cancel()
		_ = shopServer.Shutdown(end) // a page that is still being read is no reason to wait
	})
	running.Wait()
	return failure
}

func announce(base, shopBase string, seeded demo.Seeded, visitors int) {
	fmt.Printf("\n  Aceno demo\n\n  Panel   %s\n  Shop    %s   (another origin, with the widget installed)\n  Mail    %s/outbox   (what would have been sent)\n\n", base, shopBase, shopBase)
	fmt.Printf("  Sign in with the password %s as\n\n", demo.Password)
	for _, l := range seeded.Logins {
		fmt.Printf("    %-6s  %-14s %-14s %s\n", l.Login, l.Name, l.Role, strings.Join(l.Departments, ", "))
	}
	fmt.Printf("\n  %d simulated visitors are arriving. Open the shop in another window to be one yourself. Ctrl+C ends the demo.\n\n", visitors)
}
