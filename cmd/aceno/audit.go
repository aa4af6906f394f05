package main

import (
	"context"
	"errors"
	"fmt"

	"github.com/aceno-chat/aceno/internal/app"
	"github.com/aceno-chat/aceno/internal/config"
)

type auditCommand struct {
	Verify auditVerifyCommand `cmd:"" help:"Check that no entry of the audit log was changed, and name the first that was."`
}

type auditVerifyCommand struct {
	config.Server `embed:""`

	Head []string `help:"Seal that a log is known to have had, as an earlier run printed it: a log that was cut back before it fails too." placeholder:"SEAL"`
}

var errAudit = errors.New("an audit log is not what it was")

// Run checks the log of every account. It reads only, and works beside a running server.
func (c *auditVerifyCommand) Run(ctx context.Context) error {
	return withApp(ctx, c.Server, func(a *app.App) error {
		logs, lost, err := a.VerifyAudit(ctx, c.Head)
		if err != nil {
			return err
		}
		broken := false
		for _, l := range logs {
			switch {
			case l.Fault != nil:
				broken = true
				fmt.Printf("%s: entry %d is %s; the %d before it are intact\n", l.Account, l.Fault.Sequence, l.Fault.Reason, l.Entries)
			case l.Entries == 0:
				fmt.Printf("%s: no entries\n", l.Account)
			default:
				fmt.Printf("%s: %d entries are intact, head %s\n", l.Account, l.Entries, l.Head)
			}
		}
		for _, seal := range lost {
			broken = true
			fmt.Printf("no log holds %s any more: it was cut back\n", seal)
		}
		if broken {
			return errAudit
		}
		return nil
	})
}
