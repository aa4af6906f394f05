//go:build !linux

package guard

import "net"

// boundUnsent does nothing: the kernel's bound stands.
func boundUnsent(net.Conn) {}

// tellsAcknowledged says whether acknowledged knows anything of such a connection.
func tellsAcknowledged(net.Conn) bool { return false }

// acknowledged is 0: it is not known how much the peer has taken.
func acknowledged(net.Conn) int64 { return 0 }
