package history

// insertEvents tells of each conversation's first message and of its end. The log goes on from the position it had.
const insertEvents = "WITH e(e) AS (VALUES (1), (2)), " + past +
	", b AS (SELECT CAST(? AS BIGINT) AS position) " +
	"INSERT INTO events (account_id, position, kind, audience, subject, payload, at) " +
	"SELECT c.account_id, b.position + c.i * 2 - 2 + e.e, " +
	"CASE WHEN e.e = 1 THEN 'conversation.message' WHEN c.agent_id IS NULL THEN 'conversation.abandoned' ELSE 'conversation.ended' END, " +
	"CASE WHEN e.e = 1 THEN 'conversation:' || c.department_id || ':' WHEN c.agent_id IS NULL THEN 'department:' || c.department_id " +
	"ELSE 'department:' || c.department_id || ':' || c.agent_id END, " +
	"c.id, CASE e.e WHEN 1 THEN " + messageEvent + " ELSE " + endEvent + " END, " +
	"CASE e.e WHEN 1 THEN c.queue_entered_at ELSE c.ended_at END " +
	"FROM c CROSS JOIN e CROSS JOIN b LEFT JOIN agents g ON g.id = c.agent_id"

const messageEvent = `'{"conversation_id":"' || c.id || '","visitor_id":"' || c.visitor_id || '","message":{"id":"01900002-0000-7000-8000-' || ` +
	`substr(CAST(1000000000000 + c.i * 10 + 1 AS TEXT), 2) || '","conversation_id":"' || c.id || '","sequence":1,"visitor_sequence":1,"client_id":"fill.' || ` +
	`CAST(c.i * 10 + 1 AS TEXT) || '","kind":"text","author":{"kind":"visitor","id":"' || c.visitor_id || '","name":"' || c.visitor_name || ` +
	`'"},"audience":"visitor","text":"' || CASE (c.i + 1) % 16` + visitorTexts + ` END || '","file":null,"system":null,"at":' || ` +
	`CAST(c.queue_entered_at AS TEXT) || '},"conversation":{"department_id":"' || c.department_id || ` +
	`'","agent_id":null,"version":1,"last_sequence":1,"last_visitor_sequence":1,"last_message":null,"unanswered_since":' || CAST(c.queue_entered_at AS TEXT) || '}}'`

const endEvent = `'{"conversation":{"id":"' || c.id || '","number":' || CAST(c.number AS TEXT) || ',"site_id":"' || c.site_id || '","department_id":"' || ` +
	`c.department_id || '","visitor_id":"' || c.visitor_id || '","visit_id":"' || c.visit_id || '","state":"' || c.state || '","agent_id":' || ` +
	`COALESCE('"' || c.agent_id || '"', 'null') || ',"visitor":' || c.visitor || ',"queue_entered_at":' || CAST(c.queue_entered_at AS TEXT) || ` +
	`',"queue_order":' || CAST(c.queue_order AS TEXT) || ',"joined_at":' || COALESCE(CAST(c.joined_at AS TEXT), 'null') || ',"ended_at":' || ` +
	`CAST(c.ended_at AS TEXT) || ',"ended_by":"' || c.ended_by || '","end_reason":' || COALESCE('"' || c.end_reason || '"', 'null') || ` +
	`',"closed":false,"last_sequence":' || CAST(c.last_sequence AS TEXT) || ',"last_visitor_sequence":' || CAST(c.last_visitor_sequence AS TEXT) || ` +
	`',"version":8,"agent_seen_sequence":5,"visitor_seen_sequence":5,"last_message":' || c.last_message || ',"unanswered_since":null,"earlier":' || ` +
	`CAST(c.earlier AS TEXT) || ',"outreach_id":null,"preferred_agent_id":null,"preferred_until":null,"contact_offered_at":null,"rating":null,` +
	`"rating_comment":"","participants":[],"tags":[],"hold_until":null},"names":{"department":"Atendimento","agent":"' || ` + nameOfG + ` || '"}}'`

// insertEntries tells of a supervisor's deed in one of 20 (remainder 12). The seals are none: whoever checks the chain learns so.
const insertEntries = "WITH " + past +
	", b AS (SELECT CAST(? AS BIGINT) AS sequence) " +
	"INSERT INTO audit_entries (account_id, sequence, at, agent_id, agent_name, action, subject_kind, subject_id, subject_name, details, address, seal) " +
	"SELECT c.account_id, b.sequence + 1 + c.i / 20, c.ended_at, c.agent_id, g.name, " +
	"CASE c.i / 20 % 8 WHEN 0 THEN 'conversation.ended' WHEN 1 THEN 'conversation.transferred' WHEN 2 THEN 'conversation.whispered' " +
	"ELSE 'conversation.watched' END, 'conversation', c.id, CAST(c.number AS TEXT), " +
	`'{"agent":"' || ` + nameOfG + ` || '","department":"Atendimento"}', '177.20.30.40', ` +
	"'fcde2b2edba56bf408601fb721fe9b5c338d10ee429ea04fae' || substr(CAST(100000000000000 + b.sequence + 1 + c.i / 20 AS TEXT), 2) " +
	"FROM c CROSS JOIN b JOIN agents g ON g.id = c.agent_id WHERE c.i % 20 = 12"

// putHead makes the newest entry the head, as the log does with each.
const putHead = "INSERT INTO audit_heads (account_id, sequence, seal) " +
	"SELECT account_id, sequence, seal FROM audit_entries WHERE account_id = ? ORDER BY sequence DESC LIMIT 1 " +
	"ON CONFLICT (account_id) DO UPDATE SET sequence = excluded.sequence, seal = excluded.seal"
