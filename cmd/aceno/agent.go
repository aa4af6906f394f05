package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"os"
	"strings"

	"github.com/aceno-chat/aceno/internal/access"
	"github.com/aceno-chat/aceno/internal/agent"
	"github.com/aceno-chat/aceno/internal/app"
	"github.com/aceno-chat/aceno/internal/config"
)

type agentCommand struct {
	Add      agentAddCommand      `cmd:"" help:"Create an agent. The password is read from standard input."`
	Password agentPasswordCommand `cmd:"" help:"Set an agent's password and end the agent's session. It is read from standard input."`
}

type agentAddCommand struct {
	config.Server `embed:""`

	Login       string      `arg:"" help:"What the agent signs in with."`
	Name        string      `required:"" help:"The agent's name, as visitors see it."`
	Email       string      `required:"" help:"The agent's e-mail address."`
	Role        access.Role `default:"agent" enum:"administrator,supervisor,agent" help:"administrator, supervisor or agent."`
	Departments []string    `help:"Names of the departments the agent serves; all when empty."`
	Account     string      `help:"Name of the account, where the installation has several."`
}

// Run creates the agent. It works beside a running server, which hears of it from the event log.
func (c *agentAddCommand) Run(ctx context.Context) error {
	password, err := readPassword()
	if err != nil {
		return err
	}
	return withApp(ctx, c.Server, func(a *app.App) error {
		made, err := a.AddAgent(ctx, c.Account, c.Departments, agent.New{
			Login: c.Login, Name: c.Name, Email: c.Email, Password: password, Role: c.Role,
		})
		if err != nil {
			return err
		}
		fmt.Printf("%s (%s) can sign in as %s.\n", made.Name, made.Role, made.Login)
		return nil
	})
}

type agentPasswordCommand struct {
	config.Server `embed:""`

	Login string `arg:"" help:"The agent's login."`
}

// Run sets the password.
func (c *agentPasswordCommand) Run(ctx context.Context) error {
	password, err := readPassword()
	if err != nil {
		return err
	}
	return withApp(ctx, c.Server, func(a *app.App) error {
		if err := a.SetPassword(ctx, c.Login, password); err != nil {
			return err
		}
		fmt.Printf("%s has a new password.\n", c.Login)
		return nil
	})
}

func readPassword() (string, error) {
	fmt.Fprint(os.Stderr, "Password (8 to 128 characters): ")
	line, err := bufio.NewReader(os.Stdin).ReadString('\n')
	if err != nil && line == "" {
		return "", fmt.Errorf("read the password from standard input: %w", err)
	}
	return strings.TrimRight(line, "\r\n"), nil
}

// withApp runs fn with a node that serves nobody.
func withApp(ctx context.Context, c config.Server, fn func(*app.App) error) error {
	a, err := app.New(ctx, c, app.Options{Version: version, Logger: c.Logger(), Beside: true})
	if err != nil {
		return err
	}
	return errors.Join(fn(a), stopped(a))
}
