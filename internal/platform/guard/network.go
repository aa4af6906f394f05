package guard

import "net/netip"

// network is what strangers are counted by. The zero network is not counted.
type network [16]byte

// networkOf returns the IPv4 address, or the /64 of an IPv6 one, which is what one household or server gets.
func networkOf(address netip.Addr) network {
	if !address.IsValid() || address.IsLoopback() {
		return network{}
	}
	n := network(address.As16())
	if !address.Unmap().Is4() {
		clear(n[8:])
	}
	return n
}

// String names the network for a log line.
func (n network) String() string {
	if n == (network{}) {
		return "not counted"
	}
	address := netip.AddrFrom16(n).Unmap()
	if address.Is4() {
		return address.String()
	}
	return address.String() + "/64"
}
