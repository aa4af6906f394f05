package demo

import "strings"

// topic is what somebody wants to know, and what they say when they are asked about it.
type topic struct {
	department string
	question   string
	// answers are given to the agent's questions, one after another.
	answers []string
}

var topics = []topic{
	{"Vendas", "Oi! A barraca Mirante aguenta chuva forte? Vou acampar no fim de semana.", []string{
		"Vou para a Serra do Cipó, com mais uma pessoa.", "Prefiro mais leve, mesmo pagando um pouco mais.", "Tem na cor verde?",
	}},
	{"Vendas", "Bom dia, qual mochila vocês indicam para uma travessia de três dias?", []string{
		"Tenho 1,68 m e costumo levar uns 12 kg.", "Já vem com capa de chuva?", "Consigo trocar se o tamanho não servir?",
	}},
	{"Vendas", "Olá, vocês entregam no interior da Bahia? Quanto tempo demora?", []string{
		"O CEP é 46960-000.", "É um par de botas e dois pares de meias.", "Dá para acompanhar a entrega pelo site?",
	}},
	{"Vendas", "Boa tarde! A bota tem numeração 44?", []string{
		"Uso 43 no tênis, mas o pé é largo.", "Seria para trilha com bastante barro.", "Tem desconto à vista?",
	}},
	{"Vendas", "Oi, o frete grátis vale para a região Norte também?", []string{
		"Moro em Manaus, CEP 69005-040.", "O pedido deu R$ 349,00.", "Posso retirar em algum ponto de coleta?",
	}},
	{"Suporte", "Comprei uma barraca e veio faltando duas varetas. O que eu faço?", []string{
		"O pedido é o 80412.", "Sim, conferi a caixa inteira e o saco das estacas.", "Pode ser no mesmo endereço do pedido.",
	}},
	{"Suporte", "Bom dia, queria trocar uma jaqueta por um tamanho maior.", []string{
		"É a M, preciso da G.", "Está com etiqueta, só experimentei em casa.", "Quem paga o envio da troca?",
	}},
	{"Suporte", "Olá! Como eu faço para impermeabilizar de novo o sobreteto?", []string{
		"Tem uns três anos de uso.", "A água não escorre mais, fica molhando o tecido.", "Vocês vendem o produto certo para isso?",
	}},
	{"Suporte", "A lanterna de cabeça que comprei não carrega mais. Tem garantia?", []string{
		"Comprei em março, pelo site mesmo.", "Já tentei com outro cabo e não acende nem a luz vermelha.", "Vocês mandam a etiqueta de envio?",
	}},
	{"Financeiro", "Paguei o boleto ontem e o pedido ainda está como pendente.", []string{
		"O número é 80377.", "Paguei pelo aplicativo do banco, umas 15h.", "Precisa que eu mande o comprovante?",
	}},
	{"Financeiro", "Oi, preciso da nota fiscal em nome da empresa. É possível?", []string{
		"O pedido é o 80391.", "É a Horizonte Turismo, o e-mail é o mesmo do cadastro.", "Consegue mandar hoje ainda?",
	}},
	{"Financeiro", "Boa tarde, quando cai o estorno da compra que cancelei?", []string{
		"Foi no cartão, em três vezes.", "Cancelei na semana passada, dia 12.", "Vem tudo de uma vez na fatura?",
	}},
}

// toldSo are what people say to what is no question.
var toldSo = []string{"Ah, entendi.", "Perfeito!", "Certo, obrigado pela explicação.", "Que bom, era isso que eu queria saber.", "Ok, vou olhar aqui.", "Legal, obrigada!"}

var greetings = []string{"Oi, tudo bem?", "Olá! Tudo bem e você?", "Oi! Obrigado por atender."}

var farewells = []string{
	"Era só isso mesmo, muito obrigado!", "Me ajudou bastante, obrigada! Bom trabalho.", "Perfeito, vou finalizar a compra então. Obrigado!",
	"Obrigada pela atenção, tenha um ótimo dia!",
}

var stillThere = []string{"Olá? Ainda está aí?", "Oi, conseguiu verificar?", "Fico no aguardo, tá?"}

// unsure are what people say to a question that they did not come with an answer for.
var unsure = []string{"Acho que sim, mas não tenho certeza.", "É o mesmo que está no cadastro.", "Não sei dizer agora, posso ver depois?", "Isso mesmo."}

// afterWhich is how many messages somebody has at most before saying goodbye.
const afterWhich = 5

// topicFor draws a question for the department, any question for one that has none.
func topicFor(d *dice, department string) topic {
	fitting := make([]topic, 0, len(topics))
	for _, t := range topics {
		if t.department == department {
			fitting = append(fitting, t)
		}
	}
	if len(fitting) == 0 {
		fitting = topics
	}
	return fitting[d.IntN(len(fitting))]
}

// answer says what somebody who has said so many things answers to the agent, and whether that was the last.
func (t topic) answer(d *dice, to string, said int) (text string, last bool) {
	asked := strings.Contains(to, "?")
	switch {
	case said == 0 && !asked:
		return greetings[d.IntN(len(greetings))], false
	case asked && said < len(t.answers):
		return t.answers[said], false
	case said >= afterWhich || said >= 2 && !asked && d.chance(40):
		return farewells[d.IntN(len(farewells))], true
	case !asked && said < len(t.answers) && d.chance(50):
		return t.answers[said], false
	case asked:
		return unsure[d.IntN(len(unsure))], false
	}
	return toldSo[d.IntN(len(toldSo))], false
}

// beginning is what is written of a text after a few moments.
func beginning(text string) string {
	words := strings.Fields(text)
	return strings.Join(words[:(len(words)+1)/2], " ")
}
