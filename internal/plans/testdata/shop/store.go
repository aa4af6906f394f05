// Package shop has every way to hand over a statement. What TestReading expects stands beside it: `text NAME` for a text that
// is found, `loose` for one that is not.
package shop

import (
	"context"
	"fmt"
	"strings"
)

type querier interface {
	Query(ctx context.Context, query string, args ...any) error
	QueryRow(ctx context.Context, query string, args ...any) error
}

type builder struct{}

func (builder) NewSelect() builder { return builder{} }

const columns = "id, name"

const (
	byID   = "SELECT " + columns + " FROM orders WHERE id = ?" // text shop.byID
	joined = "SELECT o.id FROM orders o JOIN lines l ON l.order_id = o.id"
	ofDay  = joined + " WHERE o.day = ?" // text shop.ofDay
	unused = "SELECT id FROM orders WHERE unused"
	byName = "SELECT id FROM orders WHERE name = ?" // text shop.byName
	second = byName
	inPage = "SELECT id FROM orders LIMIT ?"              // text shop.inPage
	before = "SELECT id FROM orders WHERE id < ? LIMIT ?" // text shop.before
	after  = "SELECT id FROM orders WHERE id > ? LIMIT ?" // text shop.after
	hello  = "SELECT is a word that people use too"
)

var glued = "SELECT id FROM orders WHERE id IN (" + strings.Repeat("?, ", 3) + "?)" // loose

type change struct{ query, other string }

func run(ctx context.Context, q querier, list []string) error {
	_ = q.Query(ctx, byID, 1)
	_ = q.Query(ctx, ofDay, 1)
	_ = q.Query(ctx, second, 1)
	_ = q.QueryRow(ctx, "SELECT count(*) FROM lines") // text shop.run
	_ = q.Query(ctx, "DELETE FROM orders WHERE "+     // text shop.run
		"name = ?")
	_ = q.Query(ctx, fmt.Sprintf("SELECT id FROM orders LIMIT %d", 3)) // loose text shop.run
	_ = q.Query(ctx, "SELECT id FROM orders ORDER BY "+list[0])        // loose loose
	_ = page(ctx, q, inPage)
	c := change{query: "UPDATE orders SET name = ?", other: list[0]} // text shop.run
	_ = q.Query(ctx, c.query)
	_ = q.Query(ctx, c.other) // loose
	_ = q.Query(ctx, glued)   // loose
	builder{}.NewSelect()     // loose
	_, _ = all[int](ctx, q, byID)
	_, _ = all[int](ctx, q, list[1])                   // loose
	func(text string) { _ = q.Query(ctx, text) }(byID) // loose
	for _, text := range map[int]string{1: byID, 2: ofDay} {
		_ = q.Query(ctx, text)
	}
	for _, text := range list {
		_ = q.Query(ctx, text) // loose
	}
	more := "SELECT id FROM lines" // text shop.run
	more += " LIMIT 1"
	_ = q.Query(ctx, more) // loose
	fmt.Println(hello)
	return nil
}

func page(ctx context.Context, q querier, query string) error {
	text := before
	if query != before {
		text = after
	}
	_ = q.Query(ctx, text)
	text2 := query
	_ = q.Query(ctx, text2) // loose
	return q.Query(ctx, query, 10)
}

func all[T any](ctx context.Context, q querier, query string, args ...any) ([]T, error) {
	return every[T](ctx, query, q, args...)
}

func every[T any](ctx context.Context, query string, q querier, args ...any) ([]T, error) {
	return nil, q.Query(ctx, query, args...)
}

var (
	_ = run
	_ = unusedToo
)

const unusedToo = 1
