package guard

import (
	"net"

	"golang.org/x/sys/unix"
)

// tellsAcknowledged says whether acknowledged knows anything of such a connection.
func tellsAcknowledged(c net.Conn) bool {
	_, ok := c.(*net.TCPConn)
	return ok
}

// acknowledged is how many bytes the peer has taken since the connection began, 0 when that is not known: what a write returned may lie in
// the kernel for long.
func acknowledged(c net.Conn) int64 {
	tcp, ok := c.(*net.TCPConn)
	if !ok {
		return 0
	}
	raw, err := tcp.SyscallConn()
	if err != nil {
		return 0
	}
	var taken uint64
	err = raw.Control(func(fd uintptr) {
		if info, err := unix.GetsockoptTCPInfo(int(fd), unix.IPPROTO_TCP, unix.TCP_INFO); err == nil {
			taken = info.Bytes_acked
		}
	})
	if err != nil {
		return 0
	}
	return int64(taken) //nolint:gosec // no connection lives for 2^63 bytes
}
