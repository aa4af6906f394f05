package history

// talkEvery says that agents say something to each other after every tenth conversation, in the account's rooms in turn: those of the
// departments, and those of the first agent with up to ten others.
const talkEvery = 10

// rooms numbers the rooms from 0; said is how many messages there are to be in all.
const rooms = "crew AS (SELECT id, name, row_number() OVER (ORDER BY id) - 1 AS k FROM agents WHERE account_id = ?), " +
	"d AS (SELECT id, row_number() OVER (ORDER BY id) - 1 AS k, count(*) OVER () AS size FROM departments WHERE account_id = ?), " +
	"r AS (SELECT 'department:' || d.id AS id, d.id AS department, CAST(NULL AS TEXT) AS a, CAST(NULL AS TEXT) AS b, d.k AS k FROM d UNION ALL " +
	"SELECT 'direct:' || one.id || ':' || other.id, NULL, one.id, other.id, other.k - 1 + (SELECT count(*) FROM d) " +
	"FROM crew one JOIN crew other ON one.k = 0 AND other.k BETWEEN 1 AND 10), " +
	"b AS (SELECT CAST(? AS TEXT) AS account, CAST(? AS BIGINT) AS said, (SELECT count(*) FROM r) AS size, (SELECT count(*) FROM crew) AS crew) "

// insertRooms makes those in which something will be said.
const insertRooms = "WITH " + rooms +
	"INSERT INTO team_rooms (id, account_id, department_id, agent_a, agent_b, last_sequence, last_message) " +
	"SELECT r.id, b.account, r.department, r.a, r.b, (b.said - 1 - r.k) / b.size + 1, '{}' FROM r CROSS JOIN b WHERE r.k < b.said"

const insertTeamMessages = "WITH " + rooms + ", m AS (SELECT CAST(substr(p.id, 25) AS BIGINT) / 10 - 1 AS j, p.ended_at FROM conversations p " +
	"WHERE p.id BETWEEN ? AND ? AND CAST(substr(p.id, 25) AS BIGINT) % 10 = 0), " +
	"x AS (SELECT m.j, m.ended_at, m.j / b.size + 1 AS sequence, m.j % b.size AS room, m.j / b.size % b.crew AS turn, b.account FROM m CROSS JOIN b) " +
	"INSERT INTO team_messages (id, account_id, room_id, sequence, client_id, author_id, author_name, body, mentions, at) " +
	"SELECT '01900010" + tail + twelveOf + "x.j" + twelve + ", x.account, r.id, x.sequence, 'fill.' || CAST(x.j AS TEXT), g.id, g.name, " +
	"CASE (x.j * 3 + x.sequence) % 16" + agentTexts + ` END, CASE WHEN x.j % 20 = 0 AND r.a IS NOT NULL THEN '["' || r.a || '"]' ELSE '[]' END, x.ended_at ` +
	"FROM x JOIN r ON r.k = x.room JOIN crew g ON g.id = CASE WHEN r.a IS NULL THEN (SELECT t.id FROM crew t WHERE t.k = x.turn) " +
	"WHEN x.sequence % 2 = 0 THEN r.a ELSE r.b END"

// tellRooms puts the newest message into the list of rooms.
const tellRooms = "UPDATE team_rooms SET last_message = (SELECT " +
	`'{"text":"' || m.body || '","author_id":"' || m.author_id || '","author_name":"' || replace(replace(m.author_name, '\', '\\'), '"', '\"') || ` +
	`'","at":' || CAST(m.at AS TEXT) || '}' FROM team_messages m WHERE m.room_id = team_rooms.id AND m.sequence = team_rooms.last_sequence) ` +
	"WHERE account_id = ?"

// insertMarks says that everybody has read all but the newest five of each room they are in.
const insertMarks = "INSERT INTO team_marks (room_id, agent_id, sequence) " +
	"SELECT r.id, a.id, CASE WHEN r.last_sequence < 5 THEN 0 ELSE r.last_sequence - 5 END FROM team_rooms r " +
	"JOIN agents a ON a.account_id = r.account_id AND (a.id = r.agent_a OR a.id = r.agent_b OR EXISTS " +
	"(SELECT 1 FROM agent_departments s WHERE s.agent_id = a.id AND s.department_id = r.department_id)) WHERE r.account_id = ?"
