package edge

import (
	"fmt"
	"math/rand/v2"
	"net"
	"strings"
	"sync"
	"testing"
)

// Many short lives at once, ended from either side in every way, while others send to all of them: each is Closed once, and nobody reads what
// was sent to somebody else (descriptors are reused at once by the kernel).
func TestStress_ManyShortLives(t *testing.T) {
	each(t, sockets[:2], Options{SendQueue: 8 << 10}, func(t *testing.T, b *bed) {
		var live sync.Map
		b.spy.frame = func(c *Conn, text string) {
			c.Send(fmt.Appendf(nil, `"you are %d"`, c.ID()))
			if text == `"close me"` {
				c.Close(CodeNormal, "as you wish")
				return
			}
			live.Store(c.ID(), c)
		}
		stop := make(chan struct{})
		var senders sync.WaitGroup
		for range 2 {
			senders.Go(func() {
				for {
					select {
					case <-stop:
						return
					default:
					}
					live.Range(func(id, c any) bool {
						if !c.(*Conn).Send(fmt.Appendf(nil, `"to %d"`, id)) || rand.IntN(50) == 0 {
							c.(*Conn).Close(CodeNormal, "enough")
							live.Delete(id)
						}
						return true
					})
				}
			})
		}
		const clients, lives = 8, 40
		var peers sync.WaitGroup
		for range clients {
			peers.Go(func() {
				for range lives {
					shortLife(t, b)
				}
			})
		}
		peers.Wait()
		close(stop)
		senders.Wait()
		for range clients * lives {
			next(t, b.spy.closed, "Closed")
		}
		if stats := b.server.Stats(); stats.Open != 0 || stats.Accepted != clients*lives {
			t.Fatalf("%+v", stats)
		}
	})
}

func shortLife(t *testing.T, b *bed) {
	p := b.socket()
	defer p.vanish()
	first := `"hello"`
	if rand.IntN(3) == 0 {
		first = `"close me"`
	}
	p.send(first)
	if rand.IntN(5) == 0 {
		_ = p.conn.(*net.TCPConn).SetLinger(0)
		return
	}
	var me string
	for range 1 + rand.IntN(30) {
		op, text, err := p.read()
		if err != nil || op == 8 {
			if isTimeout(err) {
				t.Error(err)
			}
			return
		}
		if id, ok := strings.CutPrefix(text, `"you are `); ok {
			me = id
		} else if id, ok := strings.CutPrefix(text, `"to `); ok && me != "" && id != me {
			t.Errorf("%s read what was sent to %s", me, id)
		}
	}
}
