package visitor

import "slices"

// follower is somebody who looks at one visit.
type follower struct {
	tell func(d Detail, gone bool)
}

// Follow calls tell at once and at every change of the visit, until stop is called or the visit is gone, which is the last call.
// False when the visit is over or of another account. tell must return at once and must not call back.
func (l *Live) Follow(accountID, visitID string, tell func(d Detail, gone bool)) (stop func(), ok bool) {
	v := l.find(accountID, visitID)
	if v == nil {
		return nil, false
	}
	sh := v.shard
	sh.mu.Lock()
	defer sh.mu.Unlock()
	if v.over {
		return nil, false
	}
	f := &follower{tell}
	if sh.followers == nil {
		sh.followers = make(map[string][]*follower)
	}
	sh.followers[visitID] = append(sh.followers[visitID], f)
	tell(v.detail(), false)
	return func() {
		sh.mu.Lock()
		defer sh.mu.Unlock()
		rest := slices.DeleteFunc(sh.followers[visitID], func(other *follower) bool { return other == f })
		if len(rest) == 0 {
			delete(sh.followers, visitID)
		} else {
			sh.followers[visitID] = rest
		}
	}, true
}

// tellFollowers tells the visit's newest state. The shard is locked.
func (v *visit) tellFollowers(gone bool) {
	if len(v.shard.followers) == 0 {
		return
	}
	for _, f := range v.shard.followers[v.state.ID] {
		f.tell(v.detail(), gone)
	}
}
