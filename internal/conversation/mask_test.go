package conversation

import (
	"strings"
	"testing"
)

func TestMasking(t *testing.T) {
	both := masking{cards: true, cpf: true}
	for _, row := range []struct {
		m          masking
		text, want string
	}{
		{both, "meu cartão é 4111 1111 1111 1111, ok?", "meu cartão é •••• •••• •••• 1111, ok?"},
		{both, "4111111111111111", "••••••••••••1111"},
		{both, "5555-5555-5555-4444 e 378282246310005", "••••-••••-••••-4444 e •••••••••••0005"},
		{both, "são 2 4111 1111 1111 1111 em 3", "são 2 •••• •••• •••• 1111 em 3"},
		{both, "CPF 529.982.247-25", "CPF •••.•••.•••-25"},
		{both, "52998224725.", "•••••••••25."},
		{both, "52998224725 4111111111111111", "•••••••••25 ••••••••••••1111"},
		{both, "529982 247 25 0000000002111111", "•••••• ••• •• ••••••••••••1111"}, // what is left of the first begins a card
		{masking{cards: true}, "CPF 529.982.247-25", "CPF 529.982.247-25"},
		{masking{cpf: true}, "4111111111111111", "4111111111111111"},
		{masking{}, "4111111111111111 529.982.247-25", "4111111111111111 529.982.247-25"},
		// What only looks like one.
		{both, "pedido 4111111111111112", "pedido 4111111111111112"},
		{both, "111.111.111-11", "111.111.111-11"},
		{both, "(11) 98765-4321", "(11) 98765-4321"},
		{both, "boleto 34191.79001 01043.510047 91020.150008 5 90000010000", "boleto 34191.79001 01043.510047 91020.150008 5 90000010000"},
		{both, strings.Repeat("4", 44), strings.Repeat("4", 44)},
	} {
		if got := row.m.apply(row.text); got != row.want {
			t.Errorf("%+v %q: %q, want %q", row.m, row.text, got, row.want)
		}
	}
}

func FuzzMasking(f *testing.F) {
	f.Add("4111 1111 1111 1111")
	f.Add("529.982.247-25 4111111111111111 x")
	f.Fuzz(func(t *testing.T, text string) {
		m := masking{cards: true, cpf: true}
		once := m.apply(text)
		if twice := m.apply(once); twice != once {
			t.Errorf("%q becomes %q, then %q", text, once, twice)
		}
		if strings.ToValidUTF8(text, "") == text && len([]rune(once)) != len([]rune(text)) {
			t.Errorf("%q changed its length: %q", text, once)
		}
	})
}
