package grid

import (
	"bytes"
	"slices"
	"strconv"
)

// window is what one panel sees of one view, and what it holds of it. It is guarded by its table's flush lock.
type window struct {
	id    int64
	view  View
	index *index
	at    Range
	// held are the rows and headings the panel holds, in its order.
	held []line
	// seen is the version of the index that held was made from.
	seen   uint64
	totals totals
	// moved asks for a frame in any case: the panel awaits an answer.
	moved bool
	// sentAt is when the last frame went out, in milliseconds.
	sentAt int64
}

// totals are the numbers of every frame.
type totals struct {
	total int
	// lines are the rows that open groups show, and all headings.
	lines int
	Counts
}

// encoder makes the frames of one flush; rows that stand in several windows are encoded once.
type encoder struct {
	// rows and patches lead from a row, or from an old and a new one, to its place in arena.
	rows    map[*row]span
	patches map[[2]*row]span
	arena   []byte
	frame   []byte
	// scratch holds one heading.
	scratch []byte
	// The lines of one window: those its panel holds, and those of now.
	byNumber map[int64]line
	now      []line
}

type span struct{ from, to int }

func newEncoder() *encoder {
	return &encoder{rows: map[*row]span{}, patches: map[[2]*row]span{}, byNumber: map[int64]line{}}
}

// reset forgets the rows of the last flush.
func (c *encoder) reset() {
	clear(c.rows)
	clear(c.patches)
	c.arena = c.arena[:0]
}

func (c *encoder) row(r *row) []byte {
	at, ok := c.rows[r]
	if !ok {
		at.from = len(c.arena)
		c.arena = appendRow(c.arena, r)
		at.to = len(c.arena)
		c.rows[r] = at
	}
	return c.arena[at.from:at.to]
}

// patch returns nothing when the rows do not differ.
func (c *encoder) patch(old, now *row) []byte {
	at, ok := c.patches[[2]*row{old, now}]
	if !ok {
		at.from = len(c.arena)
		if diff := changed(old, now); diff != 0 {
			c.arena = appendPatch(c.arena, now, diff)
		}
		at.to = len(c.arena)
		c.patches[[2]*row{old, now}] = at
	}
	return c.arena[at.from:at.to]
}

// frameFor returns what the window's panel must be told, nil when it knows everything.
func (c *encoder) frameFor(w *window, counts Counts) []byte {
	now := totals{w.index.total(), w.totals.lines, counts}
	if !w.moved && w.seen == w.index.version && w.totals == now {
		return nil
	}
	c.now, now.lines = w.index.lines(c.now[:0], w.at.Offset, w.at.Length, w.at.Groups)
	w.seen = w.index.version
	if !w.moved && w.totals == now && slices.Equal(c.now, w.held) {
		return nil
	}
	start := len(c.appendHead(w, now))
	c.appendChanges(w)
	w.held = append(w.held[:0], c.now...)
	if !w.moved && w.totals == now && len(c.frame) == start {
		return nil
	}
	w.totals, w.moved = now, false
	c.frame = append(c.frame, '}')
	return bytes.Clone(c.frame)
}

func (c *encoder) appendHead(w *window, now totals) []byte {
	c.frame = append(c.frame[:0], `{"t":"grid","id":`...)
	dst := strconv.AppendInt(c.frame, w.id, 10)
	for _, part := range []struct {
		name  string
		value int
	}{
		{`,"offset":`, w.at.Offset},
		{`,"total":`, now.total},
		{`,"all":`, now.All},
		{`,"bots":`, now.Bots},
		{`,"idle":`, now.Idle},
		{`,"not_shown":`, now.NotShown},
	} {
		dst = strconv.AppendInt(append(dst, part.name...), int64(part.value), 10)
	}
	if w.index.groups != nil {
		dst = strconv.AppendInt(append(dst, `,"lines":`...), int64(now.lines), 10)
		dst = strconv.AppendInt(append(dst, `,"group_count":`...), int64(len(w.index.groups.list)), 10)
	}
	dst = append(dst, `,"counts":{`...)
	for state := Waiting; state < Left; state++ {
		if state > Waiting {
			dst = append(dst, ',')
		}
		dst = append(appendString(dst, state.String()), ':')
		dst = strconv.AppendInt(dst, int64(now.ByState[state]), 10)
	}
	dst = append(dst, '}')
	c.frame = dst
	return dst
}

func (c *encoder) appendChanges(w *window) {
	if !slices.EqualFunc(c.now, w.held, func(a, b line) bool { return a.number() == b.number() }) {
		c.frame = append(c.frame, `,"order":[`...)
		for i, l := range c.now {
			if i > 0 {
				c.frame = append(c.frame, ',')
			}
			c.frame = strconv.AppendInt(c.frame, l.number(), 10)
		}
		c.frame = append(c.frame, ']')
	}
	clear(c.byNumber)
	for _, l := range w.held {
		c.byNumber[l.number()] = l
	}
	c.appendList(`,"rows":[`, func(l line) []byte {
		if l.row == nil || c.byNumber[l.number()] != (line{}) {
			return nil
		}
		return c.row(l.row)
	})
	c.appendList(`,"patch":[`, func(l line) []byte {
		old := c.byNumber[l.number()]
		if l.row == nil || old.row == nil || old.row == l.row {
			return nil
		}
		return c.patch(old.row, l.row)
	})
	c.appendList(`,"groups":[`, func(l line) []byte {
		if l.head == nil || c.byNumber[l.number()].shows(l) {
			return nil
		}
		c.scratch = appendHeading(c.scratch[:0], l)
		return c.scratch
	})
}

// appendList appends the name and what one returns for each line, nothing at all when that is nothing.
func (c *encoder) appendList(name string, one func(line) []byte) {
	start := len(c.frame)
	for _, l := range c.now {
		item := one(l)
		if len(item) == 0 {
			continue
		}
		if len(c.frame) == start {
			c.frame = append(c.frame, name...)
		} else {
			c.frame = append(c.frame, ',')
		}
		c.frame = append(c.frame, item...)
	}
	if len(c.frame) > start {
		c.frame = append(c.frame, ']')
	}
}
