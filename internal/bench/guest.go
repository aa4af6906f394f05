package bench

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/netip"
	"runtime"

	"github.com/aceno-chat/aceno/internal/platform/edge/dial"
)

// browsers that the visitors say they are.
var browsers = []string{
	"Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0.0.0 Safari/537.36",
	"Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0.0.0 Mobile Safari/537.36",
	"Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.1 Mobile/15E148 Safari/604.1",
	"Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:133.0) Gecko/20100101 Firefox/133.0",
}

// pages that they look at.
const pages = 200

// guest is somebody on a page with an open socket.
type guest struct {
	socket *dial.Socket
	number int
	token  string
	// who is in whose name requests are made; it changes with the token.
	who identity
}

// visit opens the socket of a visitor, says hello and waits for the welcome: a page view as the server counts them. token is the one of
// an earlier page, or empty for somebody new. from is the source address, for ports to suffice; the zero value leaves it to the system.
func (i *installation) visit(ctx context.Context, number int, token string, resumed bool, from netip.Addr) (*guest, error) {
	address, browser := addressOf(number).String(), browsers[number%len(browsers)]
	s, err := dial.Open(ctx, dial.Options{
		URL: i.url + "/v/socket?k=" + i.key, Origin: i.origin, From: from,
		Header: http.Header{"User-Agent": {browser}, "X-Forwarded-For": {address}},
	})
	if err != nil {
		return nil, err //nolint:wrapcheck // it says everything
	}
	v := &guest{socket: s, number: number}
	hello := fmt.Appendf(nil, `{"t":"hello","token":%q,"tab":"t%d","url":"%s/p/%d","title":"Page %d","referrer":"https://www.google.com/",`+
		`"language":"pt-BR","screen":"1366x768","time_zone":"America/Sao_Paulo","hidden":false,"monitoring":true,"resumed":%t}`,
		token, number, i.origin, number%pages, number%pages, resumed)
	if err := v.greet(hello); err != nil {
		return nil, errors.Join(err, s.Cut())
	}
	v.who = newIdentity("Authorization", "Bearer "+v.token, "Origin", i.origin, "User-Agent", browser, "X-Forwarded-For", address)
	return v, nil
}

func (v *guest) greet(hello []byte) error {
	if err := v.socket.Write(hello); err != nil {
		return err //nolint:wrapcheck // it says everything
	}
	for {
		frame, err := v.socket.Read()
		if err != nil {
			return err //nolint:wrapcheck // it says everything
		}
		switch kindOf(frame) {
		case "welcome":
			var welcome struct {
				Token string `json:"token"`
			}
			if err := json.Unmarshal(frame, &welcome); err != nil {
				return fmt.Errorf("bench: %w", err)
			}
			v.token = welcome.Token
			return nil
		case "error", "bye":
			return fmt.Errorf("bench: not welcome: %s", frame)
		}
	}
}

// listen reads what the server says until the socket ends. frame is valid during the call of hear.
func (v *guest) listen(hear func(kind string, frame []byte)) {
	for {
		frame, err := v.socket.Read()
		if err != nil {
			return // whoever closed it knows
		}
		hear(kindOf(frame), frame)
	}
}

// manySources says that every address of 127.0.0.0/8 is this machine.
const manySources = runtime.GOOS == "linux"

// source returns one of several addresses of the loopback interface, each of which has its own ports.
func (i *installation) source(number int) netip.Addr {
	if i.process == nil || !manySources {
		return netip.Addr{}
	}
	return netip.AddrFrom4([4]byte{127, 0, 1, byte(1 + number%64)})
}
