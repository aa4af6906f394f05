package bench

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"net/http"
	"os"
	"strconv"
	"strings"
	"time"
)

// decisions is the histogram of the server's /metrics that says how long page views waited for the triggers.
const decisions = "aceno_trigger_decision_seconds_bucket"

// measureTriggers measures what it costs to hold every page view against many active rules.
func (b *bench) measureTriggers(ctx context.Context) (err error) {
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
	if err := b.feed(ctx, i, orders); err != nil {
		return err
	}
	span := time.Duration(b.Seconds) * time.Second
	b.progressf("%d visitors with %d changes/s, no trigger", b.GridVisitors, b.GridChanges)
	used := i.usage()
	if err := wait(ctx, span); err != nil {
		return err
	}
	quiet := i.usage().since(used)
	for n := range b.Triggers {
		if err := i.calls.call(ctx, i.admin, http.MethodPost, "/api/triggers", ruleOf(n), nil); err != nil {
			return err
		}
	}
	b.progressf("the same with %d active triggers", b.Triggers)
	if err := wait(ctx, warmUp); err != nil {
		return err
	}
	before, err := i.histogram(ctx)
	if err != nil {
		return err
	}
	used = i.usage()
	if err := wait(ctx, span); err != nil {
		return err
	}
	busy := i.usage().since(used)
	after, err := i.histogram(ctx)
	if err != nil {
		return err
	}
	return b.reportTriggers(after.since(before), float64(busy), float64(quiet))
}

func (b *bench) reportTriggers(seen histogram, busy, quiet float64) error {
	if seen.count() == 0 {
		return errors.New("bench: no page view was decided")
	}
	how := fmt.Sprintf("%d visitors, %d changes/s fed to the presence interface in the server's process, %d active triggers of which a quarter fires; %.0f page views decided",
		b.GridVisitors, b.GridChanges, b.Triggers, seen.count())
	add := func(name string, value float64, unit string, target *Target, how string) {
		b.report.add(Figure{Scenario: "triggers", Name: name, Value: value, Unit: unit, Target: target, How: how})
	}
	add("page view → decision, p50", seen.percentile(50)*1000, "ms", nil, how)
	add("page view → decision, p99", seen.percentile(99)*1000, "ms", atMost(5), "upper bound of the histogram's bucket, in /metrics")
	add("server", busy, "cores", nil, "feeding, evaluation, and one row for each visitor a rule reaches")
	add("of which triggers", max(0, busy-quiet), "cores", atMost(0.5), fmt.Sprintf("without triggers the same changes took %.2f cores", quiet))
	return nil
}

// ruleOf returns the rule of that number: of the kinds that people write, one in four likely to fire.
func ruleOf(n int) map[string]any {
	condition := func(field, operator string, values ...string) map[string]any {
		return map[string]any{"field": field, "operator": operator, "values": values}
	}
	page := []map[string]any{
		condition("page_url", "is", fmt.Sprintf("/p/%d", n)),
		condition("page_url", "contains", fmt.Sprintf("/p/%d", n)),
		condition("page_url", "matches", fmt.Sprintf("/p/%d[0-9]?$", n)),
		condition("page_title", "contains", fmt.Sprintf("Produto %d ", n)),
	}[n/4%4]
	more := [][]map[string]any{
		{condition("country", "is", "BR"), condition("pages", "at_least", "2")},
		{condition("country", "is", "JP"), condition("hour", "between", "08:00", "18:00")},
		{condition("referrer_kind", "is", "campaign"), condition("utm_source", "contains", "google")},
		{condition("device", "is", "phone"), condition("scroll", "at_least", "50"), condition("city", "is", "Nowhere")},
	}[n%4]
	return map[string]any{
		"name": fmt.Sprintf("rule %d", n), "active": true, "once": "visitor", "match": "all", "priority": n % 100,
		"conditions": append(more, page), "action": map[string]any{"kind": "tag", "tag": fmt.Sprintf("tag %d", n)},
	}
}

// histogram is a cumulative one, as the server writes it.
type histogram struct {
	bounds, counts []float64
}

// histogram reads the server's.
func (i *installation) histogram(ctx context.Context) (histogram, error) {
	text, err := i.calls.send(ctx, asOperator, http.MethodGet, "/metrics", nil)
	if err != nil {
		return histogram{}, err
	}
	var h histogram
	for lines := bufio.NewScanner(bytes.NewReader(text)); lines.Scan(); {
		rest, ok := strings.CutPrefix(lines.Text(), decisions+`{le="`)
		if !ok {
			continue
		}
		bound, count, _ := strings.Cut(rest, `"} `)
		upper, err1 := strconv.ParseFloat(bound, 64)
		n, err2 := strconv.ParseFloat(count, 64)
		if err := errors.Join(err1, err2); err != nil {
			return histogram{}, fmt.Errorf("bench: metrics: %w", err)
		}
		h.bounds, h.counts = append(h.bounds, upper), append(h.counts, n)
	}
	if len(h.bounds) == 0 {
		return h, errors.New("bench: the server's metrics say nothing of triggers")
	}
	return h, nil
}

// since returns what came after an earlier reading.
func (h histogram) since(earlier histogram) histogram {
	counts := make([]float64, len(h.counts))
	for k := range counts {
		counts[k] = h.counts[k] - earlier.counts[k]
	}
	return histogram{h.bounds, counts}
}

func (h histogram) count() float64 { return h.counts[len(h.counts)-1] }

// percentile returns the upper bound of the bucket in which it lies.
func (h histogram) percentile(p float64) float64 {
	for k, count := range h.counts {
		if count >= h.count()*p/100 {
			return h.bounds[k]
		}
	}
	return h.bounds[len(h.bounds)-1]
}
