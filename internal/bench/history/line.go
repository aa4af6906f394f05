package history

import (
	"sort"
	"time"
)

// piece is a run of conversations that begin at even distances, in one year: conversation i begins at
// begin + (i - origin) * span / count, and its protocol number is i + shift. Times are in milliseconds UTC.
type piece struct {
	first, last                int64
	begin, origin, span, count int64
	shift                      int64
	// length is how long a conversation may take, from its beginning to its end.
	length int64
}

func (p piece) beginOf(i int64) int64 { return p.begin + (i-p.origin)*p.span/p.count }

// lengthMost is the longest of the conversations.
const lengthMost = 15 * time.Minute

// timeline spreads n conversations over the days before now: the last of them over today, in now's time zone, and the others evenly over
// the time before. number is the last protocol number that was given; they go on from it as conversation numbers do, with a new start
// every year.
func timeline(n int, now time.Time, number int64) []piece {
	midnight := time.Date(now.Year(), now.Month(), now.Day(), 0, 0, 0, 0, now.Location())
	today := int64(min(n/todayShare, todayMost))
	past := int64(n) - today
	begin, end := now.AddDate(0, 0, -days).UnixMilli(), midnight.Add(-lengthMost).UnixMilli()
	lines := []piece{{first: 1, last: past, begin: begin, origin: 1, span: end - begin, count: max(past, 1), length: lengthMost.Milliseconds()}}
	if today > 0 {
		length := min(lengthMost.Milliseconds(), now.Sub(midnight).Milliseconds()/2)
		lines = append(lines, piece{
			first: past + 1, last: int64(n), begin: midnight.UnixMilli(), origin: past + 1,
			span: now.Sub(midnight).Milliseconds() - length, count: today, length: length,
		})
	}
	var pieces []piece
	for _, line := range lines {
		for line.first <= line.last {
			year := time.UnixMilli(line.beginOf(line.first)).In(now.Location()).Year()
			next := time.Date(year+1, time.January, 1, 0, 0, 0, 0, now.Location()).UnixMilli()
			size := sort.Search(int(line.last-line.first+1), func(k int) bool { return line.beginOf(line.first+int64(k)) >= next })
			p := line
			p.last = line.first + int64(size) - 1
			number = max(number, int64(year)*1_000_000)
			p.shift = number + 1 - p.first
			number += int64(size)
			line.first = p.last + 1
			pieces = append(pieces, p)
		}
	}
	return pieces
}
