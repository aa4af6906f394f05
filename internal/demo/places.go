package demo

import "net/netip"

// place is where visitors come from.
type place struct {
	weight int
	// language and zone are the browser's, names whose names the people have.
	language, zone string
	// networks are public IPv4 /16 networks that lie in the country as a whole, by their first two bytes.
	networks [][2]byte
	// speaks says that its people can talk to agents who speak Portuguese.
	speaks bool
}

// places by ISO country code. The shop is Brazilian.
var places = map[string]place{
	"BR": {780, "pt-BR", "America/Sao_Paulo", [][2]byte{
		{177, 20},
		{177, 81},
		{177, 109},
		{177, 140},
		{177, 167},
		{177, 197},
		{179, 95},
		{179, 121},
		{179, 146},
		{179, 171},
		{179, 206},
		{181, 221},
		{186, 218},
		{186, 252},
		{187, 29},
		{187, 65},
		{187, 94},
		{187, 122},
		{189, 23},
		{189, 58},
		{189, 95},
		{189, 124},
		{191, 26},
		{191, 58},
		{191, 183},
		{191, 253},
		{200, 144},
		{200, 175},
		{200, 209},
		{200, 247},
		{201, 33},
		{201, 64},
	}, true},
	"PT": {70, "pt-PT", "Europe/Lisbon", [][2]byte{{2, 80}, {2, 82}, {37, 189}, {77, 54}, {81, 84}, {82, 154}, {85, 241}, {89, 153}, {95, 92}}, true},
	"AR": {45, "es-AR", "America/Argentina/Buenos_Aires", [][2]byte{{181, 28}, {181, 45}, {186, 18}, {186, 108}, {190, 139}, {201, 250}}, false},
	"US": {30, "en-US", "America/New_York", [][2]byte{{50, 158}, {68, 175}, {71, 76}, {73, 146}, {75, 252}, {96, 239}}, false},
	"UY": {15, "es-UY", "America/Montevideo", [][2]byte{{167, 56}, {179, 24}, {186, 48}, {190, 64}}, false},
	"ES": {12, "es-ES", "Europe/Madrid", [][2]byte{{2, 136}, {79, 147}, {81, 35}, {88, 10}}, false},
	"CL": {10, "es-CL", "America/Santiago", [][2]byte{{181, 42}, {186, 78}, {190, 161}, {201, 214}}, false},
	"CO": {8, "es-CO", "America/Bogota", [][2]byte{{181, 52}, {186, 84}, {190, 144}, {191, 88}}, false},
	"MX": {8, "es-MX", "America/Mexico_City", [][2]byte{{187, 149}, {189, 138}, {201, 121}}, false},
	"PY": {6, "es-PY", "America/Asuncion", [][2]byte{{181, 120}, {181, 122}, {186, 16}}, false},
	"AO": {6, "pt-AO", "Africa/Luanda", [][2]byte{{105, 168}, {105, 172}, {197, 216}}, true},
	"DE": {5, "de-DE", "Europe/Berlin", [][2]byte{{79, 203}, {84, 147}, {91, 40}}, false},
	"FR": {5, "fr-FR", "Europe/Paris", [][2]byte{{2, 3}, {78, 207}, {90, 30}}, false},
}

// countries are the codes of places in a fixed order, for draws that can be repeated.
var countries = []string{"BR", "PT", "AR", "US", "UY", "ES", "CL", "CO", "MX", "PY", "AO", "DE", "FR"}

// zones are those of Brazilians elsewhere than in the capital's: of a hundred people, those below upTo and above the one before.
var zones = []struct {
	upTo int
	name string
}{{10, "America/Bahia"}, {18, "America/Fortaleza"}, {22, "America/Recife"}, {25, "America/Manaus"}}

// address draws an address of the country that no network keeps for itself.
func (p place) address(d *dice) netip.Addr {
	network := p.networks[d.IntN(len(p.networks))]
	return netip.AddrFrom4([4]byte{network[0], network[1], byte(d.IntN(256)), byte(1 + d.IntN(254))})
}
