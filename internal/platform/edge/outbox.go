package edge

// outbox holds frames that could not go out yet. It exists only while there are any.
type outbox struct {
	frames [][]byte
	sent   int // bytes of frames[0] that are already out
	size   int // bytes still to go
}

func (o *outbox) add(frame []byte) {
	o.frames = append(o.frames, frame)
	o.size += len(frame)
}

// advance takes n sent bytes off the front; true when nothing is left.
func (o *outbox) advance(n int) bool {
	o.size -= n
	o.sent += n
	for len(o.frames) > 0 && o.sent >= len(o.frames[0]) {
		o.sent -= len(o.frames[0])
		o.frames[0] = nil
		o.frames = o.frames[1:]
	}
	return len(o.frames) == 0
}

// front returns up to max unsent pieces in order.
func (o *outbox) front(dst [][]byte, most int) [][]byte {
	for i, frame := range o.frames[:min(most, len(o.frames))] {
		if i == 0 {
			frame = frame[o.sent:]
		}
		dst = append(dst, frame)
	}
	return dst
}

// truncate drops every frame that has not begun to go out.
func (o *outbox) truncate() {
	if o.sent == 0 {
		o.frames, o.size = nil, 0
		return
	}
	o.frames = o.frames[:1]
	o.size = len(o.frames[0]) - o.sent
}

// drop takes whole frames off the front; true when nothing is left.
func (o *outbox) drop(frames int) bool {
	for i, frame := range o.frames[:frames] {
		o.size -= len(frame)
		o.frames[i] = nil
	}
	o.frames = o.frames[frames:]
	return len(o.frames) == 0
}
