// Package network tells by what strangers are counted, wherever there is a bound on them.
package network

import "net/netip"

// household is how many bits of an IPv6 address one household or server gets: whoever has one address has all of these.
const household = 64

// Of returns what a stranger is counted by: the IPv4 address, however it is written, or the /64 of an IPv6 one. The zero prefix for no
// address.
func Of(address netip.Addr) netip.Prefix {
	address = address.Unmap().WithZone("")
	network, err := address.Prefix(min(household, address.BitLen()))
	if err != nil {
		return netip.Prefix{} // there is no address
	}
	return network
}

// Counted is Of for bounds that this machine is not under, because a proxy or a test on it is everybody: the zero prefix for its addresses.
func Counted(address netip.Addr) netip.Prefix {
	if address.Unmap().IsLoopback() {
		return netip.Prefix{}
	}
	return Of(address)
}

// Name writes a network for people: one address by itself, nothing for none.
func Name(network netip.Prefix) string {
	switch {
	case !network.IsValid():
		return ""
	case network.IsSingleIP():
		return network.Addr().String()
	}
	return network.String()
}
