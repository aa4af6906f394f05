package guard

import (
	"net"

	"golang.org/x/sys/unix"
)

// maxUnsent is how much of what a peer does not take may lie in the kernel, in bytes; what is under way to it comes on top. The kernel's own
// bound is some megabytes per connection.
const maxUnsent = 64 << 10

// boundUnsent bounds what the kernel holds for a peer that does not read, so that whoever writes to it waits, and the deadline is for real.
func boundUnsent(c net.Conn) {
	// Not asked of the listener: one that could speak Multipath TCP does not hand it on.
	control(c, func(fd int) {
		_ = unix.SetsockoptInt(fd, unix.IPPROTO_TCP, unix.TCP_NOTSENT_LOWAT, maxUnsent) // without it, the kernel's bound stands
	})
}

// tellsAcknowledged says whether acknowledged knows anything of such a connection.
func tellsAcknowledged(c net.Conn) bool {
	_, ok := c.(*net.TCPConn)
	return ok
}

// acknowledged is how many bytes the peer has taken since the connection began, 0 when that is not known: what a write returned may lie in
// the kernel for long.
func acknowledged(c net.Conn) int64 {
	var taken uint64
	control(c, func(fd int) {
		if info, err := unix.GetsockoptTCPInfo(fd, unix.IPPROTO_TCP, unix.TCP_INFO); err == nil {
			taken = info.Bytes_acked
		}
	})
	return int64(taken)
}

// control calls do with the descriptor of a TCP connection that is open.
func control(c net.Conn, do func(fd int)) {
	tcp, ok := c.(*net.TCPConn)
	if !ok {
		return
	}
	if raw, err := tcp.SyscallConn(); err == nil {
		_ = raw.Control(func(fd uintptr) { do(int(fd)) }) // a closed one has none
	}
}
