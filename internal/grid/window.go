package grid

import (
	"bytes"
	"slices"
	"strconv"
)

// window is what one panel sees of one view, and what it holds of it. It is guarded by its table's flush lock.
type window struct {
	id             int64
	view           View
	index          *index
	offset, length int
	// held are the rows the panel holds, in its order.
	held []*row
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
	Counts
}

// encoder makes the frames of one flush; rows that stand in several windows are encoded once.
type encoder struct {
	// rows and patches lead from a row, or from an old and a new one, to its place in arena.
	rows    map[*row]span
	patches map[[2]*row]span
	arena   []byte
	frame   []byte
	// scratch of one window.
	byNumber map[int64]*row
	now      []*row
}

type span struct{ from, to int }

func newEncoder() *encoder {
	return &encoder{rows: map[*row]span{}, patches: map[[2]*row]span{}, byNumber: map[int64]*row{}}
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
	now := totals{w.index.tree.Len(), counts}
	if !w.moved && w.seen == w.index.version && w.totals == now {
		return nil
	}
	c.now = c.now[:0]
	for i := w.offset; i < w.offset+w.length; i++ {
		e, ok := w.index.tree.GetAt(i)
		if !ok {
			break
		}
		c.now = append(c.now, e.row)
	}
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
		{`,"offset":`, w.offset},
		{`,"total":`, now.total},
		{`,"all":`, now.All},
		{`,"bots":`, now.Bots},
		{`,"idle":`, now.Idle},
		{`,"not_shown":`, now.NotShown},
	} {
		dst = strconv.AppendInt(append(dst, part.name...), int64(part.value), 10)
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
	if !slices.EqualFunc(c.now, w.held, func(a, b *row) bool { return a.number == b.number }) {
		c.frame = append(c.frame, `,"order":[`...)
		for i, r := range c.now {
			if i > 0 {
				c.frame = append(c.frame, ',')
			}
			c.frame = strconv.AppendInt(c.frame, r.number, 10)
		}
		c.frame = append(c.frame, ']')
	}
	clear(c.byNumber)
	for _, r := range w.held {
		c.byNumber[r.number] = r
	}
	c.appendList(`,"rows":[`, func(r *row) []byte {
		if c.byNumber[r.number] != nil {
			return nil
		}
		return c.row(r)
	})
	c.appendList(`,"patch":[`, func(r *row) []byte {
		old := c.byNumber[r.number]
		if old == nil || old == r {
			return nil
		}
		return c.patch(old, r)
	})
}

// appendList appends the name and what one returns for each row, nothing at all when that is nothing.
func (c *encoder) appendList(name string, one func(*row) []byte) {
	start := len(c.frame)
	for _, r := range c.now {
		item := one(r)
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
