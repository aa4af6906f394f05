// Package app builds everything from the configuration, in one readable order, starts it and stops it. Only it knows all features:
// what one needs of another stands in wiring.go, what an event sets off in reactions.go, the addresses in http.go.
package app

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"sync"
	"sync/atomic"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"github.com/aceno-chat/aceno/internal/account"
	"github.com/aceno-chat/aceno/internal/agent"
	"github.com/aceno-chat/aceno/internal/audit"
	"github.com/aceno-chat/aceno/internal/blocklist"
	"github.com/aceno-chat/aceno/internal/config"
	"github.com/aceno-chat/aceno/internal/contact"
	"github.com/aceno-chat/aceno/internal/conversation"
	"github.com/aceno-chat/aceno/internal/department"
	"github.com/aceno-chat/aceno/internal/file"
	"github.com/aceno-chat/aceno/internal/form"
	"github.com/aceno-chat/aceno/internal/grid"
	"github.com/aceno-chat/aceno/internal/integration"
	"github.com/aceno-chat/aceno/internal/lead"
	"github.com/aceno-chat/aceno/internal/note"
	"github.com/aceno-chat/aceno/internal/outreach"
	"github.com/aceno-chat/aceno/internal/platform/api"
	"github.com/aceno-chat/aceno/internal/platform/blob"
	"github.com/aceno-chat/aceno/internal/platform/bus"
	"github.com/aceno-chat/aceno/internal/platform/clock"
	"github.com/aceno-chat/aceno/internal/platform/edge"
	"github.com/aceno-chat/aceno/internal/platform/eventlog"
	"github.com/aceno-chat/aceno/internal/platform/geo"
	"github.com/aceno-chat/aceno/internal/platform/guard"
	"github.com/aceno-chat/aceno/internal/platform/ident"
	"github.com/aceno-chat/aceno/internal/platform/installation"
	"github.com/aceno-chat/aceno/internal/platform/jobs"
	"github.com/aceno-chat/aceno/internal/platform/live"
	"github.com/aceno-chat/aceno/internal/platform/mail"
	"github.com/aceno-chat/aceno/internal/platform/secret"
	"github.com/aceno-chat/aceno/internal/platform/store"
	"github.com/aceno-chat/aceno/internal/quickreply"
	"github.com/aceno-chat/aceno/internal/routing"
	"github.com/aceno-chat/aceno/internal/site"
	"github.com/aceno-chat/aceno/internal/supervision"
	"github.com/aceno-chat/aceno/internal/teamchat"
	"github.com/aceno-chat/aceno/internal/transcript"
	"github.com/aceno-chat/aceno/internal/trigger"
	"github.com/aceno-chat/aceno/internal/visitor"
)

// App is one node. Build it with New, then Start; Stop ends it. It is not used again after that.
type App struct {
	config  config.Server
	version string
	log     *slog.Logger
	clock   clock.Clock
	idents  ident.Generator
	sender  mail.Sender // nil when the installation sends no mail
	// descriptors and window are the gate's, when not 0.
	descriptors int
	window      time.Duration
	beside      bool
	// patience is how long a process that is ending may keep the database.
	patience time.Duration

	store   *store.Store
	bus     *bus.Bus
	events  *eventlog.Log
	bucket  *blob.Bucket
	box     *secret.Box
	places  *geo.DB
	jobs    *jobs.Runner
	mail    *mail.Queue
	hub     *live.Hub
	edge    *edge.Server
	gate    *guard.Gate
	api     *api.API
	metrics *prometheus.Registry
	// metricsAddr is where they are served apart from everything else, empty when they are not.
	metricsAddr string
	// decisions is how long page views wait for the triggers.
	decisions prometheus.Histogram
	// signIns counts agents' sign-ins by what came of them.
	signIns *prometheus.CounterVec

	accounts      *account.Service
	presence      *agent.Presence
	absences      *absences
	agents        *agent.Service
	departments   *department.Service
	sites         *site.Service
	blocks        *blocklist.Service
	visits        *visitor.Live
	grids         *grid.Tables
	savedViews    *grid.SavedViews
	files         *file.Service
	forms         *form.Service
	conversations *conversation.Service
	contacts      *contact.Service
	quickReplies  *quickreply.Service
	integrations  *integration.Service
	transcripts   *transcript.Service
	routing       *routing.Service
	notes         *note.Service
	outreach      *outreach.Service
	triggers      *trigger.Service
	leads         *lead.Service
	supervision   *supervision.Service
	audits        *audit.Service
	witness       *audit.Witness
	team          *teamchat.Service
	pushes        *pushes
	// hoursMoved says that what followHours waits for may come sooner.
	hoursMoved chan struct{}

	forwarded *api.Forwarded
	// document is the API's, built when first asked for.
	document func() (*asset, error)
	server   *http.Server
	listener net.Listener
	stopBus  []func()
	// background is the life of everything that no request waits for.
	background context.Context //nolint:containedctx // the node's own life, not a call's
	cancel     context.CancelFunc
	working    sync.WaitGroup
	stopping   atomic.Bool
	served     chan error
}

// Options are what tests and the demo set beside the configuration.
type Options struct {
	Version string
	Logger  *slog.Logger
	// Clock and Idents are the machine's when nil.
	Clock  clock.Clock
	Idents ident.Generator
	// Beside says that it is for one command beside a running server: it serves nobody, and keeps nobody from the database.
	Beside bool
	// Patience is how long a process that is ending may keep the database of this one; 0 is longer than an orderly end takes.
	Patience time.Duration
	// Mail takes the mail instead of the configured server, when not nil.
	Mail mail.Sender
	// Descriptors is how many files the process may hold open, Window how long a request may stall; the machine's and ten seconds when 0.
	Descriptors int
	Window      time.Duration
}

// New opens the database, brings its schema to this version, and puts the node together. Nothing runs for visitors or agents yet.
// On an error everything opened is closed again.
func New(ctx context.Context, c config.Server, o Options) (_ *App, err error) {
	if err := c.Check(); err != nil {
		return nil, err
	}
	a := &App{
		config: c, version: o.Version, log: o.Logger, clock: o.Clock, idents: o.Idents, sender: o.Mail, beside: o.Beside,
		patience: cmp.Or(o.Patience, 20*time.Second), served: make(chan error, 2), descriptors: o.Descriptors, window: o.Window,
	}
	if a.log == nil {
		a.log = c.Logger()
	}
	if a.clock == nil {
		a.clock = clock.System{}
	}
	if a.idents == nil {
		a.idents = ident.V7{}
	}
	a.document = sync.OnceValues(a.documentAsset)
	a.background, a.cancel = context.WithCancel(context.WithoutCancel(ctx))
	defer func() {
		if err != nil {
			a.cancel()
			a.working.Wait()
			err = errors.Join(err, a.closeAll())
		}
	}()
	if err := a.openPlatform(ctx); err != nil {
		return nil, err
	}
	a.buildFeatures()
	return a, nil
}

// openPlatform opens what knows nothing of conversations.
func (a *App) openPlatform(ctx context.Context) error {
	if err := os.MkdirAll(a.config.Data, 0o700); err != nil {
		return fmt.Errorf("app: the data folder: %w", err)
	}
	var err error
	if a.store, err = store.Open(ctx, store.Config{URL: a.config.StoreURL(), Logger: a.log}); err != nil {
		return err
	}
	if err := a.reserve(ctx); err != nil {
		return err
	}
	if err := a.store.Migrate(ctx); err != nil {
		return err
	}
	key := a.config.KeySource()
	key.Used = func(ctx context.Context) (bool, error) { return account.Any(ctx, a.store) }
	if a.box, err = installation.Box(ctx, a.store, key); err != nil {
		return err
	}
	if a.witness, err = audit.OpenWitness(filepath.Join(a.config.Data, "audit-heads.jsonl"), a.box, a.log); err != nil {
		return err
	}
	if a.bus, err = bus.Start(ctx, bus.Config{URL: a.config.NATSURL, Name: "node", Logger: a.log}); err != nil {
		return err
	}
	if a.bucket, err = blob.Open(ctx, a.config.BlobURL()); err != nil {
		return err
	}
	if a.places, err = geo.Open(a.config.GeoDatabase); err != nil {
		return err
	}
	proxies, err := a.config.Proxies()
	if err != nil {
		return err
	}
	a.forwarded = api.NewForwarded(proxies)
	a.events = eventlog.New(a.store, a.bus, a.clock, a.log)
	return a.openMail()
}

// reserve keeps other processes from the database that would not hear of this one: both would end each other's offers, give each other's
// conversations back and tell half of everybody. Nodes with a bus of their own hear of each other.
func (a *App) reserve(ctx context.Context) error {
	if a.beside {
		return nil
	}
	among := a.config.NATSURL != ""
	lost, err := a.store.Reserve(ctx, among, 0)
	if errors.Is(err, store.ErrInUse) {
		a.log.Warn("another process works on this database; waiting for its end", "patience", a.patience)
		lost, err = a.store.Reserve(ctx, among, a.patience)
	}
	if errors.Is(err, store.ErrInUse) {
		return fmt.Errorf("app: %w: end it first; on PostgreSQL several may, when all are given the same --nats-url", err)
	}
	if err != nil {
		return err
	}
	a.working.Go(func() {
		select {
		case err := <-lost:
			a.log.Error("the database was out of reach, and another process took it meanwhile: this one ends")
			a.served <- fmt.Errorf("app: %w", err)
		case <-a.background.Done():
		}
	})
	return nil
}

// openMail makes the queue of mail, if there is a server for it.
func (a *App) openMail() error {
	a.jobs = jobs.New(a.store, a.clock, a.idents, a.log)
	if a.sender == nil && a.config.SMTPURL != "" {
		server, err := mail.NewSMTP(a.config.SMTPURL, a.config.MailFrom)
		if err != nil {
			return err
		}
		a.sender = server
	}
	a.mail = mail.NewQueue(a.jobs, a.sender)
	return nil
}

// Start begins to serve. After it returned without an error, Addr tells where.
func (a *App) Start(ctx context.Context) error {
	if err := a.startFeatures(ctx); err != nil {
		return err
	}
	handler, err := a.handler()
	if err != nil {
		return err
	}
	if err := a.startGate(); err != nil {
		return err
	}
	a.serveMetrics(ctx)
	var lc net.ListenConfig
	if a.listener, err = lc.Listen(ctx, "tcp", a.config.Addr); err != nil {
		return fmt.Errorf("app: listen on %s: %w", a.config.Addr, err)
	}
	a.server = &http.Server{
		Handler: a.api.Handler(a.gate.Handler(handler)), ReadHeaderTimeout: 10 * time.Second, IdleTimeout: 2 * time.Minute, MaxHeaderBytes: 32 << 10,
		ErrorLog: slog.NewLogLogger(a.log.Handler(), slog.LevelDebug),
	}
	a.gate.Serve(a.server)
	guarded := a.gate.Listener(a.listener)
	go func() {
		var err error
		if a.config.TLSCert != "" {
			err = a.server.ServeTLS(guarded, a.config.TLSCert, a.config.TLSKey)
		} else {
			err = a.server.Serve(guarded)
		}
		if !errors.Is(err, http.ErrServerClosed) {
			a.served <- fmt.Errorf("app: serve: %w", err)
		}
	}()
	return nil
}

// Addr is where the server listens, as host:port.
func (a *App) Addr() string { return a.listener.Addr().String() }

// Failed tells of a server that stopped by itself, or has to.
func (a *App) Failed() <-chan error { return a.served }

// restartFrame tells visitors to come back.
const restartFrame = `{"t":"bye","code":1012,"retry":1000}`

// farewellPatience is how long clients may take to answer the farewell. Browsers do at once.
const farewellPatience = 3 * time.Second

// finishPatience is how long running requests may take to end after the farewell.
const finishPatience = 4 * time.Second

// farewell tells agents and visitors to come back, before the server stops: requests that run may still end meanwhile.
func (a *App) farewell(ctx context.Context) {
	ctx, cancel := context.WithTimeout(ctx, farewellPatience)
	defer cancel()
	var telling sync.WaitGroup
	telling.Go(func() { a.hub.Shutdown(ctx) })
	telling.Go(func() {
		if err := a.edge.Shutdown(ctx, []byte(restartFrame)); err != nil {
			a.log.Debug("some visitors did not answer the farewell", "error", err)
		}
	})
	telling.Wait()
}

// Stop ends the node: it tells every client to come back, finishes what was begun, and writes what waits. ctx bounds the farewells;
// what was acknowledged is safe whatever it allows.
func (a *App) Stop(ctx context.Context) error {
	a.stopping.Store(true)
	var errs []error
	if a.server != nil {
		a.gate.Hurry()
		a.farewell(ctx)
		if err := a.finish(ctx); err != nil {
			errs = append(errs, err)
		}
		a.stopFeatures(ctx)
	} else if err := a.edge.Shutdown(ctx, nil); err != nil { // nobody was served
		errs = append(errs, err)
	}
	a.cancel()
	a.working.Wait()
	errs = append(errs, a.closeAll())
	return errors.Join(errs...)
}

// finish lets running requests end, and cuts those that take too long: a peer that holds its request does not hold the stop.
func (a *App) finish(ctx context.Context) error {
	a.gate.Drain()
	ctx, cancel := context.WithTimeout(ctx, finishPatience)
	defer cancel()
	if err := a.server.Shutdown(ctx); err != nil {
		a.log.Warn("requests were cut at the stop", "connections", a.gate.Connections(), "error", err)
		if err := a.server.Close(); err != nil {
			return fmt.Errorf("app: stop serving: %w", err)
		}
	}
	return nil
}

// closeAll closes what openPlatform opened, in the opposite order.
func (a *App) closeAll() error {
	var errs []error
	if a.gate != nil {
		a.gate.Close()
	}
	for _, stop := range a.stopBus {
		stop()
	}
	if a.events != nil {
		a.events.Close()
	}
	if a.presence != nil {
		a.presence.Close()
	}
	if a.places != nil {
		errs = append(errs, a.places.Close())
	}
	if a.bucket != nil {
		errs = append(errs, a.bucket.Close())
	}
	if a.bus != nil {
		a.bus.Close()
	}
	if a.witness != nil {
		errs = append(errs, a.witness.Close())
	}
	if a.store != nil {
		errs = append(errs, a.store.Close())
	}
	return errors.Join(errs...)
}

// PrepareSetup returns the one-time token for creating the first administrator, or "" when the installation has an account.
func (a *App) PrepareSetup(ctx context.Context) (string, error) { return a.accounts.PrepareSetup(ctx) }
