package main

import (
	"context"

	"github.com/aceno-chat/aceno/internal/bench"
)

type benchCommand struct {
	bench.Command `embed:""`
}

// Run measures and prints.
func (c *benchCommand) Run(ctx context.Context) error {
	c.Version = version
	return c.Command.Run(ctx)
}
