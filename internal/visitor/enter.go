package visitor

import (
	"context"
	"net/netip"

	"github.com/aceno-chat/aceno/internal/platform/fault"
	"github.com/aceno-chat/aceno/internal/site"
)

// Origin is where a connection comes from: what is known before its first frame.
type Origin struct {
	Site      site.Site
	IP        netip.Addr
	UserAgent string
	// Page is the Origin header of the page, empty when unknown.
	Page string
	// Signals are the browser's wishes about privacy, by its headers.
	Signals site.Signals
	// from is the whole address, kept until the page view is in its visit.
	from netip.Addr
}

// When a visit that is not in memory goes on, in milliseconds.
const (
	// resumable is how old a visit may be that goes on after a lost connection.
	resumable = 24 * 60 * 60 * 1000
	// afterRestart is for how long after our start other visits go on, whose token is not older than restartTokenAge.
	afterRestart    = 60 * 1000
	restartTokenAge = 30 * 60 * 1000
)

// Enter takes a page view: of the visit the token speaks of, or of a new one. Connections of browsers enter by their hello; this is
// for those without a socket, with c nil. The tab must be closed in the end. Errors: validation, unavailable, rate_limited.
func (l *Live) Enter(o Origin, h Hello, c Connection) (*Tab, error) {
	t := &Tab{live: l, conn: c, origin: &o}
	if err := t.enter(h); err != nil {
		return nil, err
	}
	return t, nil
}

// enter makes the tab part of a visit.
func (t *Tab) enter(h Hello) error {
	l, now := t.live, t.live.now()
	h, err := h.check(t.origin.Page)
	if err != nil {
		return err
	}
	t.origin.from = t.origin.IP
	claims, known := verify(l.options.Box, h.Token, now)
	h, claims, known = t.origin.limit(h, claims, known && claims.SiteID == t.origin.Site.ID)
	if !known {
		claims.VisitorID, claims.SiteID = l.options.IDs.New(), t.origin.Site.ID
	}
	if t.limited = claims.Limited; t.limited {
		t.from = t.origin.from
	}
	t.id, t.url, t.title = h.Tab, Intern(h.URL), Intern(h.Title)
	t.host = Intern(t.origin.Page)
	t.hidden, t.monitored = h.Hidden, h.Monitoring == nil || *h.Monitoring
	t.activeAt, t.enteredAt = now, now

	if v := l.lockPresent(claims.VisitorID); v != nil {
		defer v.shard.mu.Unlock()
		return t.join(v, h, now)
	}
	// A new visit is made without the lock: it may take a number from the database.
	fresh, err := l.newVisit(t.origin, h, claims, known, now)
	if err != nil {
		return err
	}
	v := l.lockAdded(fresh, known)
	defer v.shard.mu.Unlock()
	return t.join(v, h, now)
}

// lockPresent returns the visitor's visit with its shard locked, or nil and nothing locked.
func (l *Live) lockPresent(visitorID string) *visit {
	sh := l.shard(visitorID)
	sh.mu.Lock()
	if v := sh.visitors[visitorID]; v != nil {
		return v
	}
	sh.mu.Unlock()
	return nil
}

// lockAdded makes the visit one of ours, unless the visitor's other tab was faster, and returns the one that is, its shard locked.
func (l *Live) lockAdded(v *visit, known bool) *visit {
	sh := v.shard
	sh.mu.Lock()
	visitorID, visitID := v.state.VisitorID, v.state.ID
	if other := sh.visitors[visitorID]; other != nil {
		return other
	}
	sh.visitors[visitorID] = v
	d := l.directory(visitID)
	d.mu.Lock()
	d.visits[visitID] = v
	d.mu.Unlock()
	l.visits.Add(1)
	v.account.visits.Add(1)
	v.account.count(absenceNone, v.absence)
	if known {
		l.signals.put(signal{kind: signalReturned, accountID: v.accountID(), visitorID: visitorID})
	}
	return v
}

// newVisit makes a visit of the visitor that the claims speak of; it belongs to nobody yet. Errors: validation, and those of admit.
func (l *Live) newVisit(o *Origin, h Hello, claims Claims, known bool, now int64) (*visit, error) {
	if l.visits.Load() >= int64(l.options.MaxVisits) {
		return nil, fault.New(fault.Unavailable)
	}
	if _, err := h.apply(nil); err != nil {
		return nil, err
	}
	goesOn := claims.VisitID != "" &&
		(h.Resumed && now-claims.StartedAt < resumable ||
			now-l.startedAt < afterRestart && claims.IssuedAt < l.startedAt && now-claims.IssuedAt < restartTokenAge)
	if err := l.admit(o, claims, known, goesOn, now); err != nil {
		return nil, err
	}
	if !goesOn {
		claims.VisitID, claims.StartedAt = l.options.IDs.New(), now
		claims.Visits++
	}
	account := l.accounts.of(o.Site.AccountID)
	if claims.Number == 0 {
		claims.Number = l.number(context.Background(), account, o.Site.AccountID)
	}
	browser, place, source := l.browsers.of(o.UserAgent), l.options.Places.Lookup(o.IP), sourceOf(h.URL, h.Referrer)
	v := &visit{live: l, shard: l.shard(claims.VisitorID), account: account, visitor: claims.VisitorID, index: noIndex, unseenAt: now, repeats: goesOn && h.Resumed}
	if browser.bot {
		v.absence = absenceBot
	}
	v.state = &Visit{
		Arrival: &Arrival{
			Number: claims.Number, ID: claims.VisitID, AccountID: o.Site.AccountID, SiteID: o.Site.ID, VisitorID: claims.VisitorID,
			StartedAt: claims.StartedAt, Visits: claims.Visits, IP: o.IP,
			Country: Intern(place.Country), Region: Intern(place.Region), City: Intern(place.City),
			EntryURL: Intern(h.URL), EntryTitle: Intern(h.Title), Referrer: Intern(h.Referrer),
			ReferrerKind: source.kind, ReferrerName: Intern(source.name),
			UTMSource: Intern(source.utmSource), UTMMedium: Intern(source.utmMedium), UTMCampaign: Intern(source.utmCampaign),
			Browser: browser.name, System: browser.system, Device: browser.device,
			Language: Intern(h.Language), TimeZone: Intern(h.TimeZone), Screen: Intern(h.Screen),
			Limited: claims.Limited, Consent: claims.Consent,
		},
		PageURL: Intern(h.URL), PageTitle: Intern(h.Title), PageAt: now, ActivityAt: now,
	}
	v.weighWho()
	return v, nil
}

// join opens the page in the visit. The shard is locked. A refused hello leaves the visit as it was.
func (t *Tab) join(v *visit, h Hello, now int64) error {
	identity, err := h.apply(v.state.Identity)
	if err != nil {
		return err
	}
	for _, other := range v.tabs {
		// The page before, whose end we have not heard of. If it is a duplicate that lives, its next frame brings it back.
		if other.id == t.id {
			v.detach(other, now)
			break
		}
	}
	if v.state.Limited && !t.limited {
		v.agree(t.origin, h)
	}
	t.visit = v
	v.attach(t)
	if !h.Resumed || !v.reopenPage(t) {
		v.openPage(t, now)
	}
	v.identify(identity)
	v.settle(now)
	t.origin = nil
	return nil
}
