//go:build !linux

package edge

import (
	"errors"
	"net"
)

// poller exists on Linux only; elsewhere every connection is portable.
type poller struct{}

func newPoller(*Server) (*poller, error) { return nil, errors.ErrUnsupported }

func (p *poller) takes(net.Conn) bool { return false }

func (p *poller) adopt(*Conn, net.Conn, []byte) error { return errors.ErrUnsupported }

func (p *poller) turn(*Conn, event, []byte) event { return 0 }

func (p *poller) loop() {}

func (p *poller) close() {}
