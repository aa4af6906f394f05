package agent

// Occupy takes every slot of the hasher, as computations that do not end would, until release is called.
func (h *Hasher) Occupy() (release func()) {
	leaves := make([]func(), hashSlots)
	for i := range leaves {
		h.places <- struct{}{}
		h.slots <- struct{}{}
		leaves[i] = func() { <-h.slots; <-h.places }
	}
	return func() {
		for _, leave := range leaves {
			leave()
		}
	}
}
