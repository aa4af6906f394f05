package demo

import (
	"strings"
	"unicode"

	"golang.org/x/text/runes"
	"golang.org/x/text/transform"
	"golang.org/x/text/unicode/norm"
)

var firstNames = []string{
	"Maria", "José", "Ana", "João", "Antônio", "Francisca", "Carlos", "Paulo", "Adriana", "Juliana", "Pedro", "Lucas", "Márcia",
	"Fernanda", "Luiz", "Patrícia", "Marcos", "Aline", "Rafael", "Camila", "Daniel", "Sandra", "Bruna", "Felipe", "Amanda", "Gustavo",
	"Letícia", "Rodrigo", "Vanessa", "Tiago", "Mariana", "Eduardo", "Beatriz", "Gabriel", "Larissa", "Vinícius", "Renata", "Leonardo",
	"Cláudia", "Mateus", "Débora", "André", "Simone", "Diego", "Isabela", "Fábio", "Tatiane", "Guilherme", "Priscila", "Henrique",
}

var lastNames = []string{
	"Silva", "Santos", "Oliveira", "Souza", "Rodrigues", "Ferreira", "Alves", "Pereira", "Lima", "Gomes", "Costa", "Ribeiro", "Martins",
	"Carvalho", "Almeida", "Lopes", "Soares", "Fernandes", "Vieira", "Barbosa", "Rocha", "Dias", "Nascimento", "Andrade", "Moreira",
	"Nunes", "Marques", "Machado", "Mendes", "Freitas", "Cardoso", "Ramos", "Gonçalves", "Teixeira", "Araújo", "Pinto", "Moura", "Campos",
}

// name draws a person's name and an address that cannot exist (RFC 2606).
func name(d *dice) (full, email string) {
	first, last := firstNames[d.IntN(len(firstNames))], lastNames[d.IntN(len(lastNames))]
	return first + " " + last, strings.ToLower(plain(first)+"."+plain(last)) + "@example.com"
}

// plain writes a name without its accents.
func plain(text string) string {
	stripped, _, err := transform.String(transform.Chain(norm.NFD, runes.Remove(runes.In(unicode.Mn)), norm.NFC), text)
	if err != nil {
		return text
	}
	return stripped
}
