package history

// The statements of this package speak of a conversation by its number among those filled in, i. What they have in common:
const (
	// past are the conversations of a bite, from the first identifier to the last.
	past = "c AS (SELECT CAST(substr(p.id, 25) AS BIGINT) AS i, p.id, p.account_id, p.number, p.site_id, p.department_id, p.visitor_id, p.visit_id, " +
		"p.state, p.agent_id, p.visitor, p.visitor_name, p.visitor_email, p.queue_entered_at, p.queue_order, p.joined_at, p.ended_at, p.ended_by, " +
		"p.end_reason, p.last_sequence, p.last_visitor_sequence, p.last_message, p.earlier FROM conversations p WHERE p.id BETWEEN ? AND ?) "
	// crew are the account's agents, numbered from 0.
	crew = "crew AS (SELECT id, name, row_number() OVER (ORDER BY id) - 1 AS k, count(*) OVER () AS size FROM agents WHERE account_id = ?), "
	// twelve ends an expression of a number below a million millions that begins with twelveOf: together they are its twelve digits.
	twelveOf = "substr(CAST(1000000000000 + "
	twelve   = " AS TEXT), 2)"
	// tail is between the first eight digits of an identifier and the last twelve.
	tail = "-0000-7000-8000-' || "
)

// Who attends: one of 50 visitors gives up waiting (remainder 7), which no other remainder of this package meets. Of the others the
// first agent gets 40 %.
const abandoned = "x.i % 50 = 7"

// loyal is one of so many conversations in a row, another one in each row: so one visitor's have every remainder, as the others' too.
const loyal = "(n.i - n.i / b.loyal) % b.loyal = 1 % b.loyal"

// What is written: 16 sentences of each side. They have no quotes, so that they stand in JSON as they are.
const (
	visitorTexts = " WHEN 0 THEN 'Olá, boa tarde! Fiz um pedido na semana passada e ele ainda não chegou. Pode me ajudar?'" +
		" WHEN 1 THEN 'Gostaria de saber o prazo de entrega para Curitiba.'" +
		" WHEN 2 THEN 'O boleto venceu ontem, vocês conseguem gerar outro com a mesma condição de pagamento?'" +
		" WHEN 3 THEN 'Esse modelo tem disponível na cor azul, tamanho M?'" +
		" WHEN 4 THEN 'Sim, é esse mesmo. Obrigado pela atenção.'" +
		" WHEN 5 THEN 'Não consigo entrar na minha conta, o site diz que a senha está errada mesmo depois de trocar.'" +
		" WHEN 6 THEN 'Recebi o produto com a caixa amassada e gostaria de trocar.'" +
		" WHEN 7 THEN 'Vocês parcelam em quantas vezes sem juros?'" +
		" WHEN 8 THEN 'Preciso da nota fiscal em nome da empresa, com o CNPJ que está no cadastro.'" +
		" WHEN 9 THEN 'Entendi, vou verificar com o banco e volto a falar com vocês ainda hoje.'" +
		" WHEN 10 THEN 'O cupom de primeira compra não foi aceito no carrinho, aparece uma mensagem de erro.'" +
		" WHEN 11 THEN 'Quero cancelar a assinatura, como faço?'" +
		" WHEN 12 THEN 'Perfeito, muito obrigada pela ajuda!'" +
		" WHEN 13 THEN 'A transportadora disse que o endereço está incompleto, mas eu coloquei o número e o complemento certinho.'" +
		" WHEN 14 THEN 'Esse aparelho funciona em 220 volts?'" +
		" ELSE 'Bom dia, já faz três dias que pedi o reembolso e até agora nada na fatura do cartão.'"
	agentTexts = " WHEN 0 THEN 'Olá! Tudo bem? Vou verificar o seu pedido agora mesmo, só um instante, por favor.'" +
		" WHEN 1 THEN 'O prazo para a sua região é de quatro a sete dias úteis depois da confirmação do pagamento.'" +
		" WHEN 2 THEN 'Pode me informar o número do pedido, por favor?'" +
		" WHEN 3 THEN 'Acabei de enviar a segunda via para o seu e-mail, com vencimento para a próxima sexta-feira.'" +
		" WHEN 4 THEN 'Sim, temos no estoque. Quer que eu reserve para você?'" +
		" WHEN 5 THEN 'Sinto muito pelo ocorrido. A troca é por nossa conta e a coleta acontece em até dois dias úteis.'" +
		" WHEN 6 THEN 'Fico à disposição. Tenha um ótimo dia!'" +
		" WHEN 7 THEN 'Em até dez vezes sem juros no cartão, ou com cinco por cento de desconto à vista.'" +
		" WHEN 8 THEN 'Já corrigi o cadastro. Pode tentar de novo e me dizer se funcionou?'" +
		" WHEN 9 THEN 'A nota fiscal sai junto com o produto e também fica na área do cliente.'" +
		" WHEN 10 THEN 'O reembolso foi aprovado; o valor aparece na fatura deste mês ou na próxima, conforme o fechamento do cartão.'" +
		" WHEN 11 THEN 'Mais alguma coisa em que eu possa ajudar?'" +
		" WHEN 12 THEN 'Entendi. Vou encaminhar para o setor responsável, que responde ainda hoje por e-mail.'" +
		" WHEN 13 THEN 'O cupom vale para compras a partir de cem reais, sem contar o frete.'" +
		" WHEN 14 THEN 'Obrigada pelo contato!'" +
		" ELSE 'Localizei aqui: o pedido saiu para entrega hoje cedo e deve chegar até as dezoito horas.'"
)

// insertConversations makes those of a bite. Nine of ten took a while to be answered, one in ten came by an invite (remainder 0),
// one in five was rated (1) and one in five has a tag (3).
const insertConversations = "WITH RECURSIVE n(i) AS (SELECT CAST(? AS BIGINT) UNION ALL SELECT i + 1 FROM n WHERE i < CAST(? AS BIGINT)), " +
	"b AS (SELECT CAST(? AS TEXT) AS account, CAST(? AS BIGINT) AS begin, CAST(? AS BIGINT) AS origin, CAST(? AS BIGINT) AS span, " +
	"CAST(? AS BIGINT) AS count, CAST(? AS BIGINT) AS shift, CAST(? AS BIGINT) AS length, CAST(? AS BIGINT) AS loyal, " +
	"CAST(? AS BIGINT) AS visitors, CAST(? AS BIGINT) AS sites, CAST(? AS BIGINT) AS departments, CAST(? AS BIGINT) AS agents), " +
	"site AS (SELECT id, row_number() OVER (ORDER BY id) - 1 AS k FROM sites WHERE account_id = ?), " +
	"department AS (SELECT id, row_number() OVER (ORDER BY id) - 1 AS k FROM departments WHERE account_id = ?), " +
	"crew AS (SELECT id, row_number() OVER (ORDER BY id) - 1 AS k FROM agents WHERE account_id = ?), " +
	// w is the visitor; earlier counts those before of the same one.
	"x AS (SELECT n.i, b.account, b.shift, b.begin + (n.i - b.origin) * b.span / b.count AS entered, b.length, " +
	"CASE WHEN " + loyal + " THEN 0 ELSE 1 + (n.i + n.i / b.visitors) % b.visitors END AS w, " +
	"CASE WHEN " + loyal + " THEN n.i / b.loyal ELSE n.i / b.visitors END AS earlier, " +
	"n.i / 13 % b.sites AS site, n.i / 11 % b.departments AS department, " +
	"CASE WHEN b.agents = 1 OR n.i / 7 % 5 < 2 THEN 0 ELSE 1 + n.i / 3 % (b.agents - 1) END AS agent FROM n CROSS JOIN b), " +
	"y AS (SELECT x.i, x.account, x.shift, x.entered, x.length, x.w, x.earlier, x.site, x.department, x.agent, " +
	"CASE WHEN x.w = 0 THEN 'Fiel' ELSE 'Cliente ' || CAST(x.w AS TEXT) END AS visitor_name, " +
	"CASE WHEN x.w = 0 THEN 'fiel@example.com' ELSE 'cliente' || CAST(x.w AS TEXT) || '@example.com' END AS email, " +
	"CASE WHEN " + abandoned + " THEN NULL ELSE x.entered + x.length / 15 * (x.i % 4) / 2 END AS joined, " +
	"x.entered + x.length / 15 * (8 + x.i % 7) AS over FROM x) " +
	"INSERT INTO conversations (id, account_id, number, client_id, site_id, department_id, visitor_id, visit_id, state, agent_id, visitor, " +
	"visitor_name, visitor_email, queue_entered_at, queue_order, joined_at, answered_at, ended_at, ended_by, end_reason, closed, last_sequence, " +
	"last_visitor_sequence, agent_seen_sequence, visitor_seen_sequence, last_message, version, earlier, outreach_id, rating, rating_comment, " +
	"tags, triage) " +
	"SELECT '01900000" + tail + twelveOf + "x.i" + twelve + ", x.account, x.i + x.shift, 'fill.' || CAST(x.i AS TEXT), site.id, department.id, " +
	"'01900001" + tail + twelveOf + "x.w" + twelve + ", '01900003" + tail + twelveOf + "x.i * 2 + 1" + twelve + ", " +
	"CASE WHEN x.joined IS NULL THEN 'abandoned' ELSE 'ended' END, crew.id, " +
	`'{"name":"' || x.visitor_name || '","email":"' || x.email || '","fields":{"plano":"' || CASE x.i % 3 WHEN 0 THEN 'básico' ELSE 'completo' END || ` +
	`'"},"ip":"177.' || CAST(x.w % 200 AS TEXT) || '.' || CAST(x.w / 200 % 250 AS TEXT) || '.12","country":"BR","region":"São Paulo","city":"Campinas",` +
	`"browser":"Chrome","system":"Android","device":"phone","language":"pt-BR","page_url":"https://bench.example/p/' || CAST(x.i % 400 AS TEXT) || ` +
	`'","page_title":"Produto ' || CAST(x.i % 400 AS TEXT) || ' · Loja","referrer":"https://www.google.com/"}', ` +
	"x.visitor_name, x.email, x.entered, " +
	"x.entered, x.joined, CASE WHEN x.joined IS NULL THEN NULL ELSE x.joined + (x.over - x.joined) / 4 END, x.over, " +
	"CASE WHEN x.joined IS NOT NULL AND x.i % 3 > 0 THEN 'agent' ELSE 'visitor' END, CASE WHEN x.joined IS NULL THEN 'left' ELSE NULL END, " +
	"x.joined IS NOT NULL, CASE WHEN x.joined IS NULL THEN 2 ELSE 6 END, " +
	"CASE WHEN x.joined IS NULL THEN 2 WHEN x.i % 20 = 3 THEN 5 ELSE 6 END, CASE WHEN x.joined IS NULL THEN 0 ELSE 5 END, " +
	"CASE WHEN x.joined IS NULL THEN 2 ELSE 5 END, " +
	// The newest message that both sides see, but for those of the house: the first, the fourth or the fifth.
	`CASE WHEN x.joined IS NULL THEN '{"text":"' || CASE (x.i + 1) % 16` + visitorTexts + ` END || '","author_kind":"visitor","at":' || CAST(x.entered AS TEXT) || '}' ` +
	`WHEN x.i % 20 = 3 THEN '{"text":"' || CASE (x.i + 4) % 16` + visitorTexts + ` END || '","author_kind":"visitor","at":' || ` +
	`CAST(x.joined + (x.over - x.joined) * 2 / 4 AS TEXT) || '}' ` +
	`ELSE '{"text":"' || CASE (x.i + 5) % 16` + agentTexts + ` END || '","author_kind":"agent","at":' || ` +
	`CAST(x.joined + (x.over - x.joined) * 3 / 4 AS TEXT) || '}' END, ` +
	"CASE WHEN x.joined IS NULL THEN 3 ELSE 9 END, x.earlier, " +
	"CASE WHEN x.i % 10 = 0 THEN '01900005" + tail + twelveOf + "x.i" + twelve + " ELSE NULL END, " +
	"CASE WHEN x.i % 5 = 1 THEN 1 + x.i / 5 % 5 ELSE NULL END, CASE WHEN x.i % 50 = 1 THEN 'Atendimento rápido, obrigado.' ELSE '' END, " +
	`CASE WHEN x.i % 5 = 3 THEN '["` + tagOf + `"]' ELSE NULL END, '{"language":"pt-BR"}' ` +
	"FROM y AS x JOIN site ON site.k = x.site JOIN department ON department.k = x.department " +
	"LEFT JOIN crew ON crew.k = x.agent AND x.joined IS NOT NULL"

// tagOf stands between two texts; there are 30 tags.
const tagOf = "assunto ' || CAST(1 + x.i / 5 % 30 AS TEXT) || '"

// insertMessages makes six of each conversation: the visitor's question, who came, two of each side in turn, the end. Of one in 20 the
// agent's second word is between agents (remainder 3), in one in 20 the visitor's second is a file (10). Who gave up waiting left two.
const insertMessages = "WITH s(s) AS (VALUES (1), (2), (3), (4), (5), (6)), " + past +
	"INSERT INTO messages (id, account_id, conversation_id, sequence, visitor_sequence, client_id, kind, author_kind, author_id, author_name, " +
	"audience, body, file_id, system, at, revision, edited_at) " +
	"SELECT '01900002" + tail + twelveOf + "c.i * 10 + s.s" + twelve + ", c.account_id, c.id, s.s, " +
	"CASE WHEN c.i % 20 <> 3 OR s.s < 5 THEN s.s WHEN s.s = 5 THEN NULL ELSE 5 END, 'fill.' || CAST(c.i * 10 + s.s AS TEXT), " +
	"CASE WHEN s.s IN (2, 6) THEN 'system' WHEN s.s = 4 AND c.i % 20 = 10 THEN 'file' ELSE 'text' END, " +
	"CASE WHEN s.s IN (1, 4) THEN 'visitor' WHEN s.s IN (3, 5) THEN 'agent' ELSE 'system' END, " +
	"CASE WHEN s.s IN (1, 4) THEN c.visitor_id WHEN s.s IN (3, 5) THEN c.agent_id ELSE NULL END, " +
	"CASE WHEN s.s IN (1, 4) THEN c.visitor_name WHEN s.s IN (3, 5) THEN g.name ELSE '' END, " +
	"CASE WHEN s.s = 5 AND c.i % 20 = 3 THEN 'agents' ELSE 'visitor' END, " +
	"CASE WHEN s.s IN (2, 6) OR (s.s = 4 AND c.i % 20 = 10) THEN '' WHEN s.s IN (1, 4) THEN CASE (c.i + s.s) % 16" + visitorTexts + " END " +
	"ELSE CASE (c.i + s.s) % 16" + agentTexts + " END END, " +
	"CASE WHEN s.s = 4 AND c.i % 20 = 10 THEN '01900004" + tail + twelveOf + "c.i" + twelve + " ELSE NULL END, " +
	`CASE WHEN c.agent_id IS NULL AND s.s = 2 THEN '{"key":"abandoned","params":{"reason":"left"}}' ` +
	`WHEN s.s = 2 THEN '{"key":"joined","params":{"agent":"' || ` + nameOfG + ` || '","agent_id":"' || c.agent_id || '"}}' ` +
	`WHEN s.s = 6 THEN '{"key":"ended","params":{"by":"' || c.ended_by || '"}}' ELSE NULL END, ` +
	"CASE WHEN s.s = 1 THEN c.queue_entered_at WHEN c.agent_id IS NULL THEN c.ended_at " +
	"ELSE c.joined_at + (c.ended_at - c.joined_at) * (s.s - 2) / 4 END, " +
	"CASE WHEN s.s = 3 AND c.i % 50 = 13 THEN 1 ELSE 0 END, " +
	"CASE WHEN s.s = 3 AND c.i % 50 = 13 THEN c.joined_at + (c.ended_at - c.joined_at) / 3 ELSE NULL END " +
	"FROM c CROSS JOIN s LEFT JOIN agents g ON g.id = c.agent_id WHERE c.agent_id IS NOT NULL OR s.s < 3"

// nameOfG is an agent's name inside JSON.
const nameOfG = `replace(replace(COALESCE(g.name, ''), '\', '\\'), '"', '\"')`

// insertRevisions gives one of 50 agents' messages a text it had before (remainder 13).
const insertRevisions = "WITH " + past +
	"INSERT INTO message_revisions (conversation_id, sequence, revision, account_id, body, replaced_at) " +
	"SELECT c.id, 3, 0, c.account_id, 'Olá! Tudo bem? Vou verificar o seu pedido, só um instante.', c.joined_at + (c.ended_at - c.joined_at) / 3 " +
	"FROM c WHERE c.i % 50 = 13"

const insertTags = "WITH " + past +
	"INSERT INTO conversation_tags (conversation_id, tag, account_id, at) " +
	"SELECT x.id, '" + tagOf + "', x.account_id, x.ended_at FROM c AS x WHERE x.i % 5 = 3 AND x.agent_id IS NOT NULL"

// insertParticipants lets a colleague take part in one of 20 (remainder 4), who left before the end.
const insertParticipants = "WITH " + crew + past +
	"INSERT INTO conversation_participants (conversation_id, agent_id, account_id, role, joined_at, left_at) " +
	"SELECT c.id, crew.id, c.account_id, 'colleague', c.joined_at, c.ended_at " +
	"FROM c JOIN crew ON crew.k = c.i / 20 % crew.size WHERE c.i % 20 = 4 AND crew.id <> c.agent_id"

// insertTransfers settles an offer of one of 20 to the agent who then had it to the end (remainder 6).
const insertTransfers = "WITH " + crew + past +
	"INSERT INTO transfers (id, account_id, conversation_id, from_agent_id, to_agent_id, by_agent_id, note, state, created_at, due_at, settled_at) " +
	"SELECT '01900006" + tail + twelveOf + "c.i" + twelve + ", c.account_id, c.id, crew.id, c.agent_id, crew.id, " +
	"'Cliente pede detalhes da nota fiscal.', 'accepted', c.joined_at, c.joined_at + 60000, c.joined_at + 5000 " +
	"FROM c JOIN crew ON crew.k = c.i / 20 % crew.size WHERE c.i % 20 = 6 AND crew.id <> c.agent_id"

// insertBreaches misses the promised first response of one of 20 (remainder 8).
const insertBreaches = "WITH " + past +
	"INSERT INTO breaches (conversation_id, account_id, promise, since, at) " +
	"SELECT c.id, c.account_id, 'first_response', c.queue_entered_at, c.joined_at FROM c WHERE c.i % 20 = 8"

// insertFiles makes the rows of the files of insertMessages; there is no content behind them.
const insertFiles = "WITH " + past +
	"INSERT INTO files (id, account_id, conversation_id, name, content_type, size, sha256, blob_key, audience, created_at) " +
	"SELECT '01900004" + tail + twelveOf + "c.i" + twelve + ", c.account_id, c.id, 'comprovante-' || CAST(c.i AS TEXT) || '.pdf', 'application/pdf', " +
	"20000 + c.i % 9000, '9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd1' || " + "substr(CAST(100000000000000 + c.i AS TEXT), 2), " +
	"'fill/' || c.id, 'visitor', c.ended_at FROM c WHERE c.i % 20 = 10"
