package bus_test

import (
	"strings"
	"testing"

	"github.com/aceno-chat/aceno/internal/platform/bus"
)

func TestBus_DeliversInOrderToMatchingSubjectsUntilStopped(t *testing.T) {
	b, err := bus.Start(t.Context(), bus.Config{Name: "test"})
	if err != nil {
		t.Fatal(err)
	}
	defer b.Close()
	got := make(chan string, 16)
	stop, err := b.Subscribe("aceno.events.*", func(subject string, data []byte) { got <- subject + "=" + string(data) })
	if err != nil {
		t.Fatal(err)
	}
	publish := func(subject, data string) {
		t.Helper()
		if err := b.Publish(subject, []byte(data)); err != nil {
			t.Fatal(err)
		}
	}
	publish("aceno.events.a", "1")
	publish("aceno.other.a", "unheard")
	publish("aceno.events.b", "2")
	for _, want := range []string{"aceno.events.a=1", "aceno.events.b=2"} {
		if g := <-got; g != want {
			t.Fatalf("got %q, want %q", g, want)
		}
	}
	stop()
	last := make(chan struct{})
	if _, err := b.Subscribe("last", func(string, []byte) { close(last) }); err != nil {
		t.Fatal(err)
	}
	publish("aceno.events.a", "3")
	publish("last", "")
	<-last
	if len(got) != 0 {
		t.Fatalf("got %q after the end of the subscription", <-got)
	}
	if !b.Healthy() {
		t.Fatal("not healthy")
	}
}

func TestStart_KeepsThePassword(t *testing.T) {
	for _, url := range []string{
		"nats://caixa:S3gredo%zz@127.0.0.1:1", "nats://caixa:S3gredo/x@127.0.0.1:1", "nats://caixa:S3gr,edo@127.0.0.1:1",
		"caixa:S3gredo@127.0.0.1:1", "nats://caixa:S3gredo@127.0.0.1:1", // the last is right, but nobody listens there
	} {
		_, err := bus.Start(t.Context(), bus.Config{URL: url})
		if err == nil || strings.Contains(err.Error(), "S3g") || strings.Contains(err.Error(), "edo") {
			t.Errorf("%v", err)
		}
	}
}
