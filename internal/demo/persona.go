package demo

import (
	"math"
	"math/rand/v2"
	"net/netip"
	"time"
)

// dice are one visitor's chances. They are not shared, so that what one visitor does never depends on another.
type dice struct{ *rand.Rand }

func newDice(seed, number uint64) *dice {
	return &dice{rand.New(rand.NewPCG(seed, number))} //nolint:gosec // a demo that can be repeated needs no secrets
}

// chance is true in percent of a hundred cases.
func (d *dice) chance(percent int) bool { return d.IntN(100) < percent }

// between draws evenly from [from, to).
func (d *dice) between(from, to time.Duration) time.Duration {
	return from + time.Duration(d.Int64N(int64(to-from)))
}

// around draws a time whose median is given and that is three times as long, or as short, in one of seven cases: log-normal, as the
// times that people stay on pages are. It is at least a second and at most a quarter of an hour.
func (d *dice) around(median time.Duration) time.Duration {
	drawn := time.Duration(float64(median) * math.Exp(d.NormFloat64()*math.Log(3)))
	return min(max(drawn, time.Second), 15*time.Minute)
}

// weighted draws an index by weight.
func weighted[T any](d *dice, list []T, weight func(T) int) T {
	total := 0
	for _, item := range list {
		total += weight(item)
	}
	drawn := d.IntN(total)
	for _, item := range list {
		if drawn -= weight(item); drawn < 0 {
			return item
		}
	}
	return list[len(list)-1]
}

// persona is who a visitor is.
type persona struct {
	address  netip.Addr
	language string
	zone     string
	agent    string // of the browser
	screen   string
	way      way
	robot    bool
	// known says that the shop tells who this is: a customer who signed in.
	known       bool
	name, email string
	orders      int
	// talks says that this person might ask for contact.
	talks bool
}

// newPersona draws somebody.
func newPersona(d *dice) persona {
	country := weighted(d, countries, func(code string) int { return places[code].weight })
	home := places[country]
	machine := weighted(d, devices, func(m device) int { return m.weight })
	p := persona{
		address: home.address(d), language: home.language, zone: home.zone, agent: machine.agent,
		screen: machine.screens[d.IntN(len(machine.screens))],
		way:    weighted(d, ways, func(w way) int { return w.weight }),
		robot:  d.chance(1), talks: home.speaks,
	}
	if country == "BR" {
		drawn := d.IntN(100)
		for _, zone := range zones {
			if drawn < zone.upTo {
				p.zone = zone.name
				break
			}
		}
	}
	p.name, p.email = name(d)
	p.known, p.orders = d.chance(12), 1+d.IntN(9)
	if p.robot {
		p.agent, p.screen, p.way, p.known, p.talks = robot.agent, robot.screens[0], way{}, false, false
	}
	return p
}
