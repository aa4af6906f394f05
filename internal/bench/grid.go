package bench

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"net/http"
	"os"
	"slices"
	"strconv"
	"strings"
	"sync/atomic"
	"time"
)

const (
	windowLength = 50
	// quietSpan is how long the changes are fed without any panel, to know what the feeding itself costs.
	quietSpan = 5 * time.Second
	// warmUp is how long the panels watch before it counts.
	warmUp = 3 * time.Second
)

// measureGrid measures how soon a page change shows in the panels, and what watching costs.
func (b *bench) measureGrid(ctx context.Context) (err error) {
	input, orders, err := os.Pipe()
	if err != nil {
		return fmt.Errorf("bench: %w", err)
	}
	defer input.Close()  //nolint:errcheck // the bench's own pipe
	defer orders.Close() //nolint:errcheck // the bench's own pipe
	i, err := b.own(ctx, startOptions{command: []string{"bench-node"}, input: input}, b.DatabaseURL)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, i.close()) }()
	staff, err := i.staff(ctx, b.Panels, byHand)
	if err != nil {
		return err
	}
	sockets, err := i.fill(ctx, b.GridSockets)
	if err != nil {
		return err
	}
	defer sockets.close()
	if err := b.feed(ctx, i, orders); err != nil {
		return err
	}
	used := i.usage()
	if err := wait(ctx, quietSpan); err != nil {
		return err
	}
	quiet := i.usage().since(used)
	w := &watch{}
	defer w.close()
	if err := w.open(ctx, i, staff); err != nil {
		return err
	}
	b.progressf("%d panels watch %d visitors with %d changes/s", b.Panels, b.GridVisitors, b.GridChanges)
	return b.watchGrid(ctx, i, w, quiet)
}

// feed brings the visitors and starts their changes.
func (b *bench) feed(ctx context.Context, i *installation, orders io.Writer) error {
	var me struct {
		Account struct {
			ID string `json:"id"`
		} `json:"account"`
	}
	var sites struct {
		Sites []struct {
			ID string `json:"id"`
		} `json:"sites"`
	}
	err := errors.Join(
		i.calls.call(ctx, i.admin, http.MethodGet, "/api/session", nil, &me),
		i.calls.call(ctx, i.admin, http.MethodGet, "/api/sites", nil, &sites),
	)
	if err != nil {
		return err
	}
	if _, err := fmt.Fprintf(orders, "feed %s %s %d\n", me.Account.ID, sites.Sites[0].ID, b.GridVisitors); err != nil {
		return fmt.Errorf("bench: %w", err)
	}
	for deadline := time.Now().Add(readyWithin); !strings.Contains(i.process.output.String(), "fed"); {
		if err := wait(ctx, 20*time.Millisecond); err != nil {
			return err
		}
		if time.Now().After(deadline) {
			return fmt.Errorf("bench: the grid was not fed: %s", i.process.output)
		}
	}
	if _, err := fmt.Fprintf(orders, "change %d\n", b.GridChanges); err != nil {
		return fmt.Errorf("bench: %w", err)
	}
	return nil
}

func wait(ctx context.Context, span time.Duration) error {
	select {
	case <-ctx.Done():
		return ctx.Err() //nolint:wrapcheck // it was interrupted
	case <-time.After(span):
		return nil
	}
}

// watchGrid measures for a while and reports.
func (b *bench) watchGrid(ctx context.Context, i *installation, w *watch, quiet cores) error {
	if err := wait(ctx, warmUp); err != nil {
		return err
	}
	before, used, begin := w.bytes(), i.usage(), time.Now()
	w.counting.Store(true)
	if err := wait(ctx, time.Duration(b.Seconds)*time.Second); err != nil {
		return err
	}
	w.counting.Store(false)
	took, busy, after := time.Since(begin).Seconds(), i.usage().since(used), w.bytes()
	if err := w.failure(); err != nil {
		return err
	}
	var sum, most float64
	for k := range after {
		rate := float64(after[k]-before[k]) / took / 1000
		sum, most = sum+rate, max(most, rate)
	}
	how := fmt.Sprintf("%d visitors and %d changes/s fed to the presence interface in the server's process, beside %d real visitors' sockets; "+
		"%d real panels with orders and filters of their own, windows of %d rows; %d changes seen", b.GridVisitors, b.GridChanges, b.GridSockets,
		b.Panels, windowLength, w.took.count())
	add := func(name string, value float64, unit string, target *Target, how string) {
		b.report.add(Figure{Scenario: "grid", Name: name, Value: value, Unit: unit, Target: target, How: how})
	}
	add("page change → panel, p50", milliseconds(w.took.percentile(50)), "ms", nil, how)
	add("page change → panel, p99", milliseconds(w.took.percentile(99)), "ms", atMost(300), "by the time written into the page's title")
	add("server", float64(busy), "cores", atMost(1), fmt.Sprintf("feeding included; without panels the same changes took %.2f cores", float64(quiet)))
	add("per panel on the wire", sum/float64(len(after)), "KB/s", atMost(20), fmt.Sprintf("mean, compressed; the busiest panel %.1f KB/s", most))
	add("until the first window of a new view, p50", milliseconds(w.opened.percentile(50)), "ms", nil,
		fmt.Sprintf("opened one after another while the changes go on; the slowest %.0f ms", milliseconds(w.opened.percentile(100))))
	add("grid frames per panel", float64(w.frames.Load())/took/float64(len(after)), "/s", nil, "at most 5 by the protocol")
	return nil
}

// watch are panels that watch the grid.
type watch struct {
	panels   []*panel
	counting atomic.Bool
	took     sample
	// opened is how long each panel waited for its first window.
	opened sample
	frames atomic.Int64
	wrong  atomic.Value
}

// open opens one panel after another, each with a view that nobody else watches, and waits for its first window.
func (w *watch) open(ctx context.Context, i *installation, staff []identity) error {
	for k, who := range staff {
		view, shown := viewOf(k), make(chan struct{})
		first := true
		p, err := i.openPanel(ctx, who, -1, func(kind string, data []byte) {
			switch kind {
			case "grid":
				w.hear(view, data)
				if first {
					first = false
					close(shown)
				}
			case "error", "bye":
				w.wrong.CompareAndSwap(nil, string(data))
			}
		})
		if err != nil {
			return err
		}
		w.panels = append(w.panels, p)
		asked := time.Now()
		err = p.say(ctx, map[string]any{"t": "grid", "id": 1, "view": view.frame(), "offset": view.offset, "length": windowLength})
		if err != nil {
			return err
		}
		select {
		case <-shown:
			w.opened.add(time.Since(asked))
		case <-time.After(answerWithin):
			return errors.Join(errors.New("bench: a panel got no window"), w.failure())
		case <-ctx.Done():
			return ctx.Err() //nolint:wrapcheck // it was interrupted
		}
	}
	return nil
}

// gridFrame is what is read of a frame.
type gridFrame struct {
	Rows  []gridRow `json:"rows"`
	Patch []gridRow `json:"patch"`
}

type gridRow struct {
	PageTitle *string `json:"page_title"`
}

// hear takes the time of the changes in a frame. A patched title changed since the last frame; a row that enters the window did so only
// where the last page change is what it is ordered by.
func (w *watch) hear(v gridView, data []byte) {
	now := time.Now()
	if !w.counting.Load() {
		return
	}
	w.frames.Add(1)
	var f gridFrame
	if err := json.Unmarshal(data, &f); err != nil {
		w.wrong.CompareAndSwap(nil, err.Error())
		return
	}
	changed := f.Patch
	if v.by == "page_at" && v.descending && v.offset == 0 {
		changed = slices.Concat(f.Rows, f.Patch)
	}
	for _, row := range changed {
		if row.PageTitle == nil {
			continue
		}
		_, digits, ok := strings.Cut(*row.PageTitle, stamp)
		if at, err := strconv.ParseInt(digits, 10, 64); ok && err == nil {
			w.took.add(now.Sub(time.UnixMicro(at)))
		}
	}
}

func (w *watch) bytes() []int64 {
	list := make([]int64, len(w.panels))
	for k, p := range w.panels {
		list[k] = p.wire.Load()
	}
	return list
}

func (w *watch) failure() error {
	if wrong := w.wrong.Load(); wrong != nil {
		return fmt.Errorf("bench: a panel was told %v", wrong)
	}
	for _, p := range w.panels {
		if p.lost() {
			return errors.New("bench: a panel's socket was closed by the server")
		}
	}
	return nil
}

func (w *watch) close() {
	for _, p := range w.panels {
		p.close()
	}
}

// gridView is an order with a filter.
type gridView struct {
	by         string
	descending bool
	filter     map[string]any
	offset     int
}

// sortings are what agents sort by, the most usual first.
var sortings = []string{
	"started_at", "page_at", "activity_at", "pages", "page_title", "page_url", "n", "visits", "country", "city", "browser", "system",
	"device", "language", "referrer_name", "utm_source", "ip", "entry_url", "screen", "region",
}

// filters are what agents narrow the grid by; most do not.
var filters = []map[string]any{
	{},
	{},
	{"countries": []string{"BR"}},
	{"devices": []string{"phone"}},
	{"text": "produto 1"},
	{"min_seconds_on_site": 600},
	{"text": "campinas", "countries": []string{"BR", "PT"}},
}

// viewOf returns the view of the panel of that number: no two of the first 280 are the same.
func viewOf(k int) gridView {
	return gridView{
		by: sortings[k%len(sortings)], descending: (k/len(sortings)+k)%2 == 1, filter: filters[k%len(filters)],
		offset: []int{0, 0, 0, 40, 400}[(k/2)%5],
	}
}

// frame returns the view as docs/protocols.md section 4 writes it.
func (v gridView) frame() map[string]any {
	direction := "asc"
	if v.descending {
		direction = "desc"
	}
	frame := map[string]any{
		"sort": []map[string]string{{"by": v.by, "dir": direction}}, "text": "", "states": []string{}, "site_ids": []string{},
		"department_ids": []string{}, "countries": []string{}, "devices": []string{}, "agent_ids": []string{}, "min_seconds_on_site": 0,
	}
	maps.Copy(frame, v.filter)
	return frame
}
