package visitor

import (
	"net/netip"

	"github.com/aceno-chat/aceno/internal/site"
)

// This file takes out what may not be known of a visitor who has not agreed (B11): before a page view is looked at any further,
// nothing else of it gets into memory, a log or the database.

// How much of an address stays: a network of 256 addresses, or a customer's IPv6 site.
const (
	keptIPv4 = 24
	keptIPv6 = 48
)

// cutIP returns the network an address is in, as its first address.
func cutIP(ip netip.Addr) netip.Addr {
	ip = ip.Unmap().WithZone("")
	bits := keptIPv6
	if ip.Is4() {
		bits = keptIPv4
	}
	p, err := ip.Prefix(bits)
	if err != nil {
		return netip.Addr{}
	}
	return p.Addr()
}

// cutURL returns an address without what stands behind its path. It has been checked to be http or https, or empty.
func cutURL(raw string) string {
	u, ok := webURL(raw)
	if !ok {
		return ""
	}
	u.RawQuery, u.Fragment, u.RawFragment, u.ForceQuery, u.User = "", "", "", false, nil
	return u.String()
}

// cutReferrer returns where a visitor came from as the site's front page.
func cutReferrer(raw string) string {
	u, ok := webURL(raw)
	if !ok {
		return ""
	}
	return u.Scheme + "://" + u.Host + "/"
}

// limited returns what may be known of a page view without consent: no title, since it may name people, and nothing that helps to
// tell one device from another.
func (h Hello) limited() Hello {
	h.URL, h.Title, h.Referrer = cutURL(h.URL), "", cutReferrer(h.Referrer)
	h.Screen, h.TimeZone = "", ""
	h.Told = Told{}
	return h
}

// limit decides how much may be known of the visitor and takes the rest out of hello and origin. known says whether the claims may be
// believed; they are emptied when they would recognise somebody who did not agree.
func (o *Origin) limit(h Hello, claims Claims, known bool) (Hello, Claims, bool) {
	if !known {
		claims = Claims{}
	}
	privacy := o.Site.Settings.Privacy
	consent := h.Consent
	if consent == nil && known && claims.Consent {
		consent = &claims.Consent
	}
	presence := privacy.Limits(o.Signals, consent)
	if presence == site.PresenceFull {
		claims.Limited, claims.Consent = false, consent != nil
		return h, claims, known
	}
	if known && !claims.Limited {
		claims, known = Claims{}, false // a token from before, of somebody who agreed then or was not asked
	}
	claims.Limited, claims.Consent = true, false
	o.IP = cutIP(o.IP)
	h = h.limited()
	if presence == site.PresenceOff {
		off := false
		h.Monitoring = &off
	}
	return h, claims, known
}

// agree makes of a limited visit one of a visitor who agreed: what may be known from now on is that of the page view h.
func (v *visit) agree(o *Origin, h Hello) {
	place := v.live.options.Places.Lookup(o.IP)
	arrival := *v.state.Arrival
	arrival.Limited, arrival.Consent = false, true
	arrival.IP, arrival.Screen, arrival.TimeZone = o.IP, Intern(h.Screen), Intern(h.TimeZone)
	arrival.Country, arrival.Region, arrival.City = Intern(place.Country), Intern(place.Region), Intern(place.City)
	next := *v.state
	next.Arrival = &arrival
	v.state = &next
	v.weighWho()
}

// forget ends a limited visit whose last page said goodbye: nobody can come back with a token that was only in that page.
func (l *Live) forget(visitorID string) {
	v := l.lockPresent(visitorID)
	if v == nil {
		return
	}
	defer v.shard.mu.Unlock()
	if v.state.Limited && v.emptyAt != 0 {
		l.end(v)
	}
}
