package jobs

// OnEnd has fn called after the outcome of each run was written. Call it before Start.
func (r *Runner) OnEnd(fn func(Job)) { r.ended = fn }
