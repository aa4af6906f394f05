package visitor

// pace bounds the frames of one connection: a bucket that fills by frameRate a second up to frameBurst.
type pace struct {
	tokens  float32
	refused uint16
	begun   bool
	at      int64 // of the last frame, in milliseconds
	toldAt  int64 // of the last refusal that was told
}

const (
	frameRate  = 10
	frameBurst = 40
	// patience is how many frames are refused before the connection is cut.
	patience = 400
	// tellEvery is the shortest time between two refusals that are told, in milliseconds.
	tellEvery = 5_000
)

// take says whether a frame that comes now (milliseconds) may be taken, and whether there is patience for those that may not.
func (p *pace) take(now int64) (allowed, patient bool) {
	if !p.begun {
		p.begun, p.tokens = true, frameBurst
	} else if now > p.at {
		p.tokens = min(frameBurst, p.tokens+float32(now-p.at)*frameRate/1000)
	}
	p.at = now
	if p.tokens < 1 {
		p.refused++
		return false, p.refused <= patience
	}
	p.tokens--
	return true, true
}

// tells says whether to tell of a refusal now.
func (p *pace) tells(now int64) bool {
	if p.toldAt != 0 && now-p.toldAt < tellEvery {
		return false
	}
	p.toldAt = now
	return true
}
