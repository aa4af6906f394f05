package conversation_test

import (
	"fmt"
	"strconv"
	"sync/atomic"
	"testing"

	"github.com/aceno-chat/aceno/internal/conversation"
	"github.com/aceno-chat/aceno/internal/conversation/conversationtest"
	"github.com/aceno-chat/aceno/internal/platform/ident"
	"github.com/aceno-chat/aceno/internal/platform/store/storetest"
)

// BenchmarkPost sends messages of many visitors side by side: rule, commit and event, without HTTP. SQLite is durable
// (synchronous=FULL); callers share commits.
func BenchmarkPost(b *testing.B) {
	for _, callers := range []int{1, 16, 64} {
		b.Run(fmt.Sprint("callers=", callers), func(b *testing.B) {
			h := conversationtest.New(b, storetest.SQLite(b), func(c *conversation.Config) { c.Idents = ident.V7{} })
			ids := make([]string, callers)
			for i := range ids {
				ids[i] = h.Active(b, fmt.Sprint("v", i), conversationtest.Ana).ID
			}
			var caller, sent atomic.Int64
			b.SetParallelism(max(1, callers/2))
			b.ResetTimer()
			b.RunParallel(func(pb *testing.PB) {
				i := int(caller.Add(1)-1) % callers
				v := conversationtest.Visitor(fmt.Sprint("v", i))
				for pb.Next() {
					if _, err := h.Service.PostByVisitor(b.Context(), v, ids[i], strconv.FormatInt(sent.Add(1), 10), "Olá, tudo bem?"); err != nil {
						b.Error(err)
						return
					}
				}
			})
			b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "messages/s")
		})
	}
}

// BenchmarkPost_ByAgents is BenchmarkPost for agents: who may write is part of the statement.
func BenchmarkPost_ByAgents(b *testing.B) {
	h := conversationtest.New(b, storetest.SQLite(b), func(c *conversation.Config) { c.Idents = ident.V7{} })
	agents := []string{conversationtest.Ana, conversationtest.Bruno}
	ids := make([]string, 40)
	for i := range ids {
		ids[i] = h.Active(b, fmt.Sprint("v", i), agents[i%len(agents)]).ID
	}
	var sent atomic.Int64
	b.SetParallelism(32)
	b.ResetTimer()
	b.RunParallel(func(pb *testing.PB) {
		for pb.Next() {
			n := int(sent.Add(1))
			i := n % len(ids)
			_, err := h.Service.PostByAgent(b.Context(), conversationtest.Agent(agents[i%len(agents)]), ids[i], strconv.Itoa(n), "Olá, tudo bem?", conversation.ToVisitor)
			if err != nil {
				b.Error(err)
				return
			}
		}
	})
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "messages/s")
}
