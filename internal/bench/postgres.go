package bench

import (
	"context"
	"fmt"
	"net/url"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/aceno-chat/aceno/internal/platform/ident"
)

// freshDatabase makes a database on the server that address names and returns its address, and how to drop it. It is a copy of the one
// at model, to which nobody may be connected; empty when model is.
func freshDatabase(ctx context.Context, address, model string) (made string, drop func(), err error) {
	u, err := url.Parse(address)
	if err != nil {
		return "", nil, fmt.Errorf("bench: the address of PostgreSQL: %w", err)
	}
	name := "aceno_bench_" + strings.ToLower(strings.NewReplacer("-", "0", "_", "0").Replace(ident.Secret(6)))
	statement := "CREATE DATABASE " + name
	if model != "" {
		from, err := url.Parse(model)
		if err != nil {
			return "", nil, fmt.Errorf("bench: the address of PostgreSQL: %w", err)
		}
		statement += " TEMPLATE " + strings.TrimPrefix(from.Path, "/")
	}
	if err := execute(ctx, address, statement); err != nil {
		return "", nil, err
	}
	u.Path = "/" + name
	return u.String(), func() {
		ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), 30*time.Second)
		defer cancel()
		_ = execute(ctx, address, "DROP DATABASE "+name+" WITH (FORCE)") // it is a server for tests
	}, nil
}

func execute(ctx context.Context, address, statement string) error {
	conn, err := pgx.Connect(ctx, address)
	if err != nil {
		return fmt.Errorf("bench: PostgreSQL: %w", err)
	}
	defer conn.Close(context.WithoutCancel(ctx)) //nolint:errcheck // nothing is left to lose
	if _, err := conn.Exec(ctx, statement); err != nil {
		return fmt.Errorf("bench: PostgreSQL: %w", err)
	}
	return nil
}
