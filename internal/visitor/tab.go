package visitor

import (
	"net/netip"

	"github.com/aceno-chat/aceno/internal/platform/field"
	"github.com/aceno-chat/aceno/internal/site"
)

// Tab is one page with its connection. Its methods must not be called from two goroutines at once; they are safe against all else.
type Tab struct {
	live *Live
	// conn is nil for those without a socket.
	conn Connection
	// origin is needed until the visit is known.
	origin *Origin
	// host is the origin that all addresses of the tab begin with.
	host  Text
	visit *visit
	id    string

	// The rest is guarded by the visit's shard.
	url, title                  Text
	pageAt, activeAt, enteredAt int64
	hidden, monitored, attached bool
	// limited: the visitor has not agreed to be known.
	limited bool
	// from is the whole address of a limited page's connection, only to be compared with blocks.
	from netip.Addr
}

const (
	// activityEvery is the shortest time between two signs of life that are noted, in milliseconds.
	activityEvery = 10_000
	// leaveAge is how old a page must be to believe a goodbye in its tab's name, in milliseconds: the page before may say it late.
	leaveAge = 3_000
)

// Visit returns the newest state of the tab's visit.
func (t *Tab) Visit() *Visit {
	t.visit.shard.mu.Lock()
	defer t.visit.shard.mu.Unlock()
	return t.visit.state
}

// Token returns a fresh token for the tab's visitor.
func (t *Tab) Token() string { return t.live.tokenOf(t.Visit()) }

func (l *Live) tokenOf(v *Visit) string {
	return Claims{
		VisitorID: v.VisitorID, SiteID: v.SiteID, VisitID: v.ID, StartedAt: v.StartedAt, IssuedAt: l.now(),
		Visits: v.Visits, Number: v.Number, Limited: v.Limited, Consent: v.Consent,
	}.sign(l.options.Box)
}

// act changes the visit under its lock and settles it. False when the visit is over: the page must say hello again.
func (t *Tab) act(change func(v *visit, now int64)) bool {
	v, now := t.visit, t.live.now()
	v.shard.mu.Lock()
	defer v.shard.mu.Unlock()
	if v.over {
		return false
	}
	if !t.attached {
		v.attach(t)
		if !v.reopenPage(t) {
			v.openPage(t, now)
		}
	}
	change(v, now)
	v.settle(now)
	return true
}

// Page takes a navigation without a page load, as single-page sites do. The address of the page that is open already only renews its
// title: such sites often write it late. False when the visit is over. Errors: validation.
func (t *Tab) Page(url, title, referrer string) (bool, error) {
	var c field.Check
	url, referrer = ofFrame(url, referrer)
	url, title = checkURL(&c, url, t.host.String()), checkTitle(&c, title)
	checkReferrer(&c, referrer)
	if err := c.Err(); err != nil {
		return true, err
	}
	if t.limited {
		url, title = cutURL(url), ""
	}
	return t.act(func(v *visit, now int64) {
		if Intern(url) == t.url {
			v.retitlePage(t, Intern(title))
			return
		}
		v.leavePage(t, now)
		t.url, t.title, t.activeAt = Intern(url), Intern(title), now
		v.openPage(t, now)
	}), nil
}

// Activity takes a sign of life of the visitor on the page. False when the visit is over.
func (t *Tab) Activity() bool {
	return t.act(func(v *visit, now int64) {
		if now-t.activeAt >= activityEvery || v.state.Idle {
			t.activeAt = now
		}
	})
}

// Hide says whether the page is behind another window or tab. To come to the front is a sign of life. False when the visit is over.
func (t *Tab) Hide(hidden bool) bool {
	return t.act(func(_ *visit, now int64) {
		t.hidden = hidden
		if !hidden {
			t.activeAt = now
		}
	})
}

// Identify takes what the site tells about its visitor. False when the visit is over. Errors: validation.
func (t *Tab) Identify(told Told) (bool, error) {
	var c field.Check
	if told.check(&c); c.Err() != nil {
		return true, c.Err()
	}
	if t.limited { // who the site takes the visitor for is not ours to know yet
		told = Told{}
	}
	if told.Signature != "" {
		s, _ := t.live.options.Sites.ByID(t.Visit().SiteID)
		if err := told.prove(site.IdentitySecret(t.live.options.Box, s)); err != nil {
			return true, err
		}
	}
	var err error
	ok := t.act(func(v *visit, _ int64) {
		var identity *Identity
		if identity, err = told.apply(v.state.Identity); err == nil {
			v.identify(identity)
		}
	})
	return ok, err
}

// Close takes the page out of its visit, whose grace time begins when it was the last one.
func (t *Tab) Close() {
	v := t.visit
	if v == nil {
		return // never said hello
	}
	v.shard.mu.Lock()
	defer v.shard.mu.Unlock()
	if !v.over && t.attached {
		now := t.live.now()
		v.detach(t, now)
		v.settle(now)
	}
}

// identify sets who the visitor is; the identity is of Told.apply.
func (v *visit) identify(identity *Identity) {
	if identity == v.state.Identity {
		return
	}
	next := *v.state
	next.Identity = identity
	v.state = &next
	v.weighWho()
}

// SetIdentity notes who a visitor is after the identification form. Empty texts leave what is known. Visitors who are not there are
// ignored: the form's answers are kept by their conversation.
func (l *Live) SetIdentity(visitorID, name, email string, fields map[string]string) error {
	told := Told{}
	if name != "" {
		told.Name = &name
	}
	if email != "" {
		told.Email = &email
	}
	var c field.Check
	if told.check(&c); c.Err() != nil {
		return c.Err()
	}
	v := l.lockPresent(visitorID)
	if v == nil {
		return nil
	}
	defer v.shard.mu.Unlock()
	identity, err := told.withTexts(fields).apply(v.state.Identity)
	if err != nil {
		return err
	}
	v.identify(identity)
	v.settle(l.now())
	return nil
}

// leave takes the tab's page out of the visit because it said goodbye.
func (l *Live) leave(claims Claims, tab string) {
	v := l.lockPresent(claims.VisitorID)
	if v == nil {
		return
	}
	defer v.shard.mu.Unlock()
	now := l.now()
	for _, t := range v.tabs {
		if t.id == tab && now-t.enteredAt >= leaveAge {
			v.detach(t, now)
			v.settle(now)
			return
		}
	}
}
