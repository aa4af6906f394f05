// Command aceno is the whole product: server, panel, widget, demo and measuring tool.
package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/signal"
	"strings"
	"syscall"

	"github.com/alecthomas/kong"

	"github.com/aceno-chat/aceno/internal/bench"
)

// version is set by the build.
var version = "dev"

// commands is what can be typed after `aceno`.
type commands struct {
	Config kong.ConfigFlag `help:"JSON file with values for the flags."`

	Serve   serveCommand   `cmd:"" help:"Run the server. Nothing needs to be configured."`
	Demo    demoCommand    `cmd:"" help:"Run a demo: server, shop and simulated visitors."`
	Migrate migrateCommand `cmd:"" help:"Bring the database's schema to this version and exit (serve does it too)."`
	Agent   agentCommand   `cmd:"" help:"Create agents and set passwords from the command line."`
	Audit   auditCommand   `cmd:"" help:"Check the audit log."`
	Bench   benchCommand   `cmd:"" help:"Measure an installation, or one started for the purpose."`
	OpenAPI openAPICommand `cmd:"" name:"openapi" help:"Print the API's OpenAPI 3.1 document."`
	Version versionCommand `cmd:"" help:"Print the version."`

	Lifecycles lifecyclesCommand `cmd:"" hidden:"" help:"Print docs/lifecycles.md."`
	BenchNode  bench.NodeCommand `cmd:"" hidden:"" help:"A server whose grid the bench feeds."`
}

func main() {
	if err := run(os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, "aceno:", err)
		os.Exit(1)
	}
}

func run(args []string) error {
	var c commands
	parser, err := kong.New(&c,
		kong.Name("aceno"),
		kong.Description("Attend the visitors of web sites in real time."),
		kong.Configuration(kong.JSON),
		kong.ConfigureHelp(kong.HelpOptions{Compact: true}),
	)
	if err != nil {
		return err
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	parsed, err := parser.Parse(args)
	if err != nil {
		if _, ok := errors.AsType[*kong.ParseError](err); ok {
			return fmt.Errorf("%s (see aceno --help)", withoutAddresses(err.Error(), args))
		}
		return err
	}
	parsed.BindTo(ctx, (*context.Context)(nil))
	return parsed.Run()
}

// withoutAddresses leaves out of a message the addresses that were typed: there may be a password in them.
func withoutAddresses(message string, args []string) string {
	for _, arg := range args {
		if flag, value, ok := strings.Cut(arg, "="); ok && strings.HasPrefix(flag, "--") {
			arg = value
		}
		if strings.Contains(arg, "://") {
			message = strings.ReplaceAll(message, arg, "(an address)")
		}
	}
	return message
}

type versionCommand struct{}

func (versionCommand) Run() error {
	_, err := fmt.Println("aceno", version)
	return err
}
