package history

// insertVisits makes two visits of each conversation: that in which it took place, and one two hours before it.
const insertVisits = "WITH v(v) AS (VALUES (0), (1)), " + past +
	", x AS (SELECT c.i, c.id, c.account_id, c.site_id, c.visitor_id, v.v, c.queue_entered_at - 7200000 * (1 - v.v) - 240000 AS begun, " +
	"CASE v.v WHEN 0 THEN c.queue_entered_at - 6600000 ELSE c.ended_at END AS over FROM c CROSS JOIN v) " +
	"INSERT INTO visits (id, account_id, site_id, visitor_id, started_at, ended_at, pages, entry_url, last_url, referrer, country, browser, system, " +
	"device, language, ip, trail) " +
	"SELECT '01900003" + tail + twelveOf + "x.i * 2 + x.v" + twelve + ", x.account_id, x.site_id, x.visitor_id, x.begun, x.over, 3, " +
	"'https://bench.example/?utm_source=' || CASE x.i % 4 WHEN 0 THEN 'newsletter' ELSE 'google' END || '&utm_medium=cpc', " +
	"'https://bench.example/p/' || CAST(x.i % 400 AS TEXT), 'https://www.google.com/', 'BR', 'Chrome', 'Android', 'phone', 'pt-BR', " +
	"'177.20.' || CAST(x.i % 250 AS TEXT) || '.12', " +
	`'[{"url":"https://bench.example/p/' || CAST(x.i % 400 AS TEXT) || '","title":"Produto ' || CAST(x.i % 400 AS TEXT) || ` +
	`' · Loja","at":' || CAST(x.begun + 90000 AS TEXT) || ',"left_at":' || CAST(x.over AS TEXT) || ` +
	`'},{"url":"https://bench.example/c/promocoes","title":"Promoções da semana · Loja","at":' || CAST(x.begun + 40000 AS TEXT) || ` +
	`',"left_at":' || CAST(x.begun + 90000 AS TEXT) || '},{"url":"https://bench.example/","title":"Loja","at":' || CAST(x.begun AS TEXT) || ` +
	`',"left_at":' || CAST(x.begun + 40000 AS TEXT) || '}]' FROM x`

// insertDeliveries invites one of five visitors (remainder 0); of those every second came by it.
const insertDeliveries = "WITH " + past +
	"INSERT INTO outreach_deliveries (id, account_id, client_id, kind, state, site_id, visitor_id, visit_id, template_name, department_id, " +
	"agent_id, agent_name, conversation_id, content, queued_at, expires_at, delivered_at, shown_at, ended_at, ordinal, version) " +
	"SELECT '01900005" + tail + twelveOf + "c.i" + twelve + ", c.account_id, 'fill.' || CAST(c.i AS TEXT), 'invite', " +
	"CASE WHEN c.i % 10 = 0 THEN 'accepted' ELSE 'refused' END, c.site_id, c.visitor_id, c.visit_id, 'Convite da loja', c.department_id, " +
	"c.agent_id, g.name, CASE WHEN c.i % 10 = 0 THEN c.id ELSE NULL END, " +
	`'{"style":"card","title":"Posso ajudar?","text":"Olá! Se tiver alguma dúvida sobre o produto, é só chamar: respondemos em poucos minutos.",` +
	`"button":"Conversar","image":null,"link":"","url":"","position":"bottom_right","animation":"slide","seconds":0,"department":null}', ` +
	"c.queue_entered_at - 60000, c.queue_entered_at + 60000, c.queue_entered_at - 59000, c.queue_entered_at - 58000, c.queue_entered_at, 1, 4 " +
	"FROM c JOIN agents g ON g.id = c.agent_id WHERE c.i % 5 = 0"

// insertRequests makes a request for contact of one in ten (remainder 9), answered but for the newest.
const insertRequests = "WITH " + past +
	", x AS (SELECT c.i, c.account_id, c.site_id, c.department_id, c.visitor_id, c.visitor_name, c.visitor_email, c.agent_id, c.queue_entered_at, c.ended_at, " +
	"CASE WHEN c.i <= CAST(? AS BIGINT) THEN 'answered' WHEN c.i % 30 = 9 THEN 'in_progress' ELSE 'open' END AS stage FROM c WHERE c.i % 10 = 9) " +
	"INSERT INTO contact_requests (id, account_id, client_id, site_id, department_id, visitor_id, name, email, phone, subject, message, page_url, " +
	"language, state, agent_id, created_at, changed_at, version) " +
	"SELECT '01900007" + tail + twelveOf + "x.i" + twelve + ", x.account_id, 'fill.' || CAST(x.i AS TEXT), x.site_id, x.department_id, x.visitor_id, " +
	"x.visitor_name, x.visitor_email, '+55 19 3333-0000', 'Orçamento para a empresa', " +
	"'Boa tarde, preciso de um orçamento de trinta unidades do produto ' || CAST(x.i % 400 AS TEXT) || ' com entrega em Campinas. Obrigado!', " +
	"'https://bench.example/p/' || CAST(x.i % 400 AS TEXT), 'pt', x.stage, CASE x.stage WHEN 'open' THEN NULL ELSE x.agent_id END, " +
	"x.queue_entered_at, x.ended_at, CASE x.stage WHEN 'open' THEN 1 ELSE 2 END FROM x"

// insertNotes notes something about one of ten (remainder 1).
const insertNotes = "WITH " + past +
	"INSERT INTO notes (id, account_id, client_id, conversation_id, department_id, visitor_id, visitor_email, verified_id, agent_id, text, " +
	"created_at, changed_at, version) " +
	"SELECT '01900008" + tail + twelveOf + "c.i" + twelve + ", c.account_id, 'fill.' || CAST(c.i AS TEXT), c.id, c.department_id, c.visitor_id, " +
	"lower(c.visitor_email), '', c.agent_id, 'Prefere ser chamado por telefone depois das 14 horas; já comprou o produto ' || CAST(c.i % 400 AS TEXT) || '.', " +
	"c.ended_at, " +
	"c.ended_at, 1 FROM c WHERE c.i % 10 = 1"

// insertAnswers lets one in five answer the survey (remainder 1, those who rated).
const insertAnswers = "WITH " + past +
	"INSERT INTO form_answers (id, account_id, form_id, form_name, kind, subject_id, department_id, agent_id, answers, created_at, changed_at, version) " +
	"SELECT '01900009" + tail + twelveOf + "c.i" + twelve + ", c.account_id, '01900009" + tail + "'000000000000', 'Pesquisa', 'survey', c.id, " +
	"c.department_id, NULL, " +
	`'[{"field":"solved","type":"choice","label":{"pt":"Seu assunto foi resolvido?","en":"Was your matter solved?","es":"¿Se resolvió su asunto?"},` +
	`"value":"yes","shown":[{"pt":"Sim","en":"Yes","es":"Sí"}]}]', ` +
	"c.ended_at, " +
	"c.ended_at, 1 FROM c WHERE c.i % 5 = 1"

// insertLeads marks visitors of their own, who never wrote: one for each of 20 (remainder 11).
const insertLeads = "WITH " + past +
	"INSERT INTO leads (id, account_id, site_id, visitor_id, number, name, email, trigger_id, trigger_name, page_url, marked_at, first_at, entry_url, " +
	"referrer, referrer_kind, referrer_name, utm_source, utm_medium, utm_campaign) " +
	"SELECT '0190000a" + tail + twelveOf + "c.i" + twelve + ", c.account_id, c.site_id, '0190000b" + tail + twelveOf + "c.i" + twelve + ", c.i, '', '', " +
	"'0190000c" + tail + "'000000000000', 'Viu três produtos', 'https://bench.example/p/' || CAST(c.i % 400 AS TEXT), c.ended_at, " +
	"c.queue_entered_at - 86400000, 'https://bench.example/?utm_source=google', 'https://www.google.com/', " +
	"CASE c.i / 20 % 4 WHEN 0 THEN 'search' WHEN 1 THEN 'campaign' WHEN 2 THEN 'social' ELSE 'direct' END, " +
	"CASE c.i / 20 % 4 WHEN 0 THEN 'Google' WHEN 1 THEN 'google' WHEN 2 THEN 'Instagram' ELSE '' END, " +
	"CASE c.i / 20 % 4 WHEN 1 THEN 'google' ELSE '' END, CASE c.i / 20 % 4 WHEN 1 THEN 'cpc' ELSE '' END, " +
	"CASE c.i / 20 % 4 WHEN 1 THEN 'inverno' ELSE '' END FROM c WHERE c.i % 20 = 11"

// insertRuns notes that the leads' rule has reached them (remainder 14).
const insertRuns = "WITH " + past +
	"INSERT INTO trigger_runs (trigger_id, subject, at) " +
	"SELECT '0190000c" + tail + "'000000000000', 'visitor:0190000b" + tail + twelveOf + "c.i" + twelve + ", c.ended_at FROM c WHERE c.i % 20 = 14"

// insertKeys keeps the answer of a command of one in 20 (remainder 15).
const insertKeys = "WITH " + past +
	"INSERT INTO idempotency_keys (account_id, actor_id, key, result, created_at) " +
	`SELECT c.account_id, c.agent_id, 'fill.' || CAST(c.i AS TEXT), '"' || c.id || '"', c.ended_at FROM c WHERE c.i % 20 = 15`

// insertSessions ends a session of one in 20 agents in charge (remainder 16).
const insertSessions = "WITH " + past +
	"INSERT INTO sessions (id, token_hash, account_id, agent_id, created_at, expires_at, ended_at, end_reason) " +
	"SELECT '0190000d" + tail + twelveOf + "c.i" + twelve + ", " +
	"'60303ae22b998861bce3b28f33eec1be758a213c86c93c076d' || substr(CAST(100000000000000 + c.i AS TEXT), 2), c.account_id, c.agent_id, " +
	"c.queue_entered_at, c.queue_entered_at + 43200000, c.ended_at, 'signed_out' FROM c WHERE c.i % 20 = 16"

// insertDecisions explains how every second conversation came to its agent (an even number): as the roulette does, among three.
const insertDecisions = "WITH " + crew + "others AS (SELECT min(id) AS least, max(id) AS greatest FROM crew), " + past +
	"INSERT INTO routing_decisions (id, account_id, at, event, snapshot, decision, reasons, conversation_id, agent_id) " +
	"SELECT '0190000e" + tail + twelveOf + "c.i" + twelve + ", c.account_id, c.joined_at, " +
	`'{"kind":"queued","conversation_id":"' || c.id || '"}', ` +
	`'{"now":' || CAST(c.joined_at AS TEXT) || ',"agents":[{"id":"' || c.agent_id || ` + inSnapshot + `"active_conversations":1,"department_ids":["' || c.department_id || '"],"turn":' || CAST(c.i AS TEXT) || ` +
	`'},{"id":"' || others.least || ` + inSnapshot + `"active_conversations":3,"department_ids":["' || c.department_id || '"],"turn":' || CAST(c.i + 1 AS TEXT) || ` +
	`'},{"id":"' || others.greatest || ` + inSnapshot + `"active_conversations":2,"department_ids":["' || c.department_id || '"],"turn":' || CAST(c.i + 2 AS TEXT) || ` +
	`'}],"waiting":[{"conversation_id":"' || c.id || '","number":' || CAST(c.number AS TEXT) || ',"department_id":"' || c.department_id || ` +
	`'","queue_entered_at":' || CAST(c.queue_entered_at AS TEXT) || ',"language":"pt-BR"}],"departments":[{"id":"' || c.department_id || ` +
	`'","order":"round_robin","offer_for":30000,"answer_for":120000}]}', ` +
	`'{"conversation_id":"' || c.id || '","agent_id":"' || c.agent_id || '"}', ` +
	`'{"conversations":[{"conversation_id":"' || c.id || '","number":' || CAST(c.number AS TEXT) || ',"reason":"longest_waiting"}],"agents":[{"agent_id":"' || c.agent_id || ` +
	`'","reason":"by_turn"},{"agent_id":"' || others.least || '","reason":"later_turn"},{"agent_id":"' || others.greatest || '","reason":"later_turn"}]}', ` +
	"c.id, c.agent_id FROM c CROSS JOIN others WHERE c.i % 2 = 0"

// inSnapshot is what the three agents have in common.
const inSnapshot = `'","active":true,"status":"online","present":true,"ready":true,"method":"roulette","limit":5,`

// insertOffers accepts what was decided; the agent has answered since.
const insertOffers = "WITH " + past +
	"INSERT INTO offers (id, account_id, conversation_id, department_id, agent_id, decision_id, state, offered_at, deadline_at, ended_at) " +
	"SELECT '0190000f" + tail + twelveOf + "c.i" + twelve + ", c.account_id, c.id, c.department_id, c.agent_id, '0190000e" + tail + twelveOf + "c.i" + twelve +
	", 'accepted', c.joined_at, c.joined_at + 30000, c.joined_at FROM c WHERE c.i % 2 = 0"
