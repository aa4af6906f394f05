// A stand-in for Aceno's visitor side, for working on the widget alone: `npm run build -w widget && npm run dev -w widget`, then open http://localhost:8091.
// It keeps one conversation per visitor in memory and plays the agent. The page's form at /control makes things happen:
// ?do=position&n=2 | join | say&text=… | typing | end | cut | refuse (sockets, until allow) | allow | away | back
import { createReadStream } from "node:fs";
import { readFile } from "node:fs/promises";
import { createServer } from "node:http";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { acceptSocket } from "./socket.mjs";

const here = dirname(fileURLToPath(import.meta.url));
const dist = join(here, "../../dist/widget");
const port = Number(process.env.PORT ?? 8090);
const limits = { text: 5000, file_bytes: 2097152, file_types: [".pdf", ".png", ".jpg", ".jpeg", ".txt"] };
const agent = { name: "Ana Nunes" };

const visitors = new Map();
const connections = new Set();
let ids = 0;
let refuseSockets = false;
let online = true;

const departments = () => [
  { id: "sales", name: "Vendas", description: "Produtos, prazos e pagamento", online },
  { id: "support", name: "Trocas e devoluções", description: "", online: false },
];

function visitorOf(token) {
  if (!visitors.has(token))
    visitors.set(token, { token, name: null, email: null, conversation: null, messages: [], number: 0 });
  return visitors.get(token);
}

function push(visitor, frame) {
  for (const connection of connections) if (connection.visitor === visitor) connection.send(frame);
}

function pushState(visitor) {
  if (visitor.conversation) push(visitor, { t: "conversation", conversation: visitor.conversation });
}

function add(visitor, part) {
  const { conversation, messages } = visitor;
  const known = part.client_id && messages.find((message) => message.client_id === part.client_id);
  if (known) return known;
  const id = `m${++ids}`;
  const message = {
    id,
    sequence: messages.length + 1,
    client_id: id,
    kind: "text",
    text: "",
    file: null,
    system: null,
    at: Date.now(),
    ...part,
  };
  messages.push(message);
  conversation.last_sequence = message.sequence;
  push(visitor, { t: "message", conversation: conversation.id, message });
  return message;
}

const system = (visitor, key, params = {}) =>
  add(visitor, { kind: "system", author: { kind: "system", name: "" }, system: { key, params } });

function greet(connection, hello) {
  const token = hello.token ?? `visitor-${++ids}`;
  const visitor = visitorOf(token);
  connection.visitor = visitor;
  visitor.name = hello.name ?? visitor.name;
  visitor.email = hello.email ?? visitor.email;
  connections.add(connection);
  const { conversation } = visitor;
  connection.send({
    t: "welcome",
    token,
    visit: `v${++ids}`,
    online,
    language: "pt",
    widget: {
      chat_mode: "widget",
      call_mode: 10,
      hide_when_offline: false,
      theme: {
        brand: "#0f766e",
        corner: 16,
        size: "normal",
        scheme: "auto",
        launcher_online: "",
        launcher_offline: "",
      },
    },
    conversation: conversation && { id: conversation.id, state: conversation.state, unread: 0 },
  });
}

function hear(connection, frame) {
  console.log(frame.t, JSON.stringify(frame).slice(0, 160));
  if (frame.t === "hello") greet(connection, frame);
}

function open(visitor, body) {
  if (visitor.conversation && ["waiting", "active"].includes(visitor.conversation.state)) return visitor.conversation;
  const department = departments().find((item) => item.id === body.department_id);
  visitor.name = body.name;
  visitor.email = body.email;
  visitor.messages = [];
  visitor.conversation = {
    id: `c${++ids}`,
    number: 2026000100 + ids,
    state: "waiting",
    department: { id: department.id, name: department.name },
    agent: null,
    position: 3,
    last_sequence: 0,
    agent_seen_sequence: 0,
    queue_entered_at: Date.now(),
    ended_by: null,
  };
  system(visitor, "queued");
  if (body.text)
    add(visitor, {
      client_id: `${body.client_id}.text`,
      text: body.text,
      author: { kind: "visitor", name: visitor.name },
    });
  pushState(visitor);
  return visitor.conversation;
}

function finish(visitor, by) {
  const { conversation } = visitor;
  const waiting = conversation.state === "waiting";
  Object.assign(conversation, { state: waiting ? "abandoned" : "ended", position: null, ended_by: by });
  system(visitor, waiting ? "abandoned" : "ended", { by });
  pushState(visitor);
  return conversation;
}

const actions = {
  position(visitor, query) {
    visitor.conversation.position = Number(query.get("n"));
    pushState(visitor);
  },
  join(visitor) {
    Object.assign(visitor.conversation, { state: "active", agent, position: null });
    system(visitor, "joined", { agent: agent.name });
    pushState(visitor);
  },
  say(visitor, query) {
    add(visitor, {
      text: query.get("text") ?? "Boa tarde! Como posso ajudar?",
      author: { kind: "agent", name: agent.name },
    });
    visitor.conversation.agent_seen_sequence = visitor.messages.length;
    push(visitor, { t: "seen", conversation: visitor.conversation.id, sequence: visitor.messages.length });
  },
  file(visitor) {
    const file = {
      name: "segunda-via-do-boleto.pdf",
      content_type: "application/pdf",
      size: 186_400,
      url: "/v/files/1",
    };
    add(visitor, { kind: "file", file, author: { kind: "agent", name: agent.name } });
  },
  typing(visitor) {
    push(visitor, { t: "typing", conversation: visitor.conversation.id, name: "Ana", on: true });
  },
  end: (visitor) => finish(visitor, "agent"),
  forget: () => visitors.clear(),
};

function control(query) {
  const what = query.get("do");
  if (what === "refuse" || what === "allow") refuseSockets = what === "refuse";
  if (what === "away" || what === "back") {
    online = what === "back";
    for (const connection of connections) connection.send({ t: "online", online });
  }
  if (what === "cut" || what === "refuse") for (const connection of connections) connection.destroy?.();
  for (const visitor of visitors.values())
    if (visitor.conversation || what === "forget") actions[what]?.(visitor, query);
}

const polls = new Map();

function poll(body, answer) {
  let line = polls.get(body.c);
  if (body.c && !line) return answer(410, { code: "connection_gone", status: 410, detail: "" });
  if (!line) {
    line = { id: `p${++ids}`, n: 0, frames: [], wake() {} };
    line.send = (frame) => {
      line.frames.push(frame);
      line.n++;
      line.wake();
    };
    polls.set(line.id, line);
  }
  line.frames = line.frames.slice(Math.max(0, line.frames.length - (line.n - body.ack)));
  for (const frame of body.frames) hear(line, frame);
  const reply = () => {
    line.wake = () => {};
    clearTimeout(timer);
    answer(200, { c: line.id, n: line.n, frames: line.frames });
  };
  const timer = setTimeout(reply, 25_000);
  line.wake = reply;
  if (line.frames.length || !body.wait) reply();
}

async function bodyOf(request) {
  const chunks = [];
  for await (const chunk of request) chunks.push(chunk);
  return Buffer.concat(chunks);
}

async function visitorRoutes(request, path, answer) {
  const visitor = visitors.get((request.headers.authorization ?? "").replace("Bearer ", ""));
  if (!visitor) return answer(401, { status: 401, code: "visitor_unknown", detail: "?" });
  const body = await bodyOf(request);
  const { conversation } = visitor;
  if (path === "site") {
    const open = conversation && ["waiting", "active"].includes(conversation.state);
    const site = { id: "s", name: "Trilha", language: "pt" };
    return answer(200, {
      site,
      online,
      departments: departments(),
      visitor: { name: visitor.name, email: visitor.email },
      conversation: open ? conversation : null,
      limits,
    });
  }
  if (path === "conversations") return answer(201, open(visitor, JSON.parse(body)));
  if (!conversation || !path.startsWith(`conversations/${conversation.id}`))
    return answer(404, { status: 404, code: "not_found", detail: "?" });
  const author = { kind: "visitor", name: visitor.name };
  if (path.endsWith("/end")) return answer(200, finish(visitor, "visitor"));
  if (path.endsWith("/messages")) {
    const { client_id, text } = JSON.parse(body);
    if (text.includes("refuse"))
      return answer(422, {
        status: 422,
        code: "validation",
        detail: "Há campos inválidos.",
        fields: [{ field: "text", code: "x", detail: "Texto recusado." }],
      });
    return answer(200, add(visitor, { client_id, text, author }));
  }
  if (path.endsWith("/files")) {
    const text = body.toString("latin1");
    const client_id = /name="client_id"\r\n\r\n([^\r]+)/.exec(text)?.[1];
    const name = Buffer.from(/filename="([^"]+)"/.exec(text)?.[1] ?? "?", "latin1").toString();
    return answer(
      200,
      add(visitor, {
        client_id,
        kind: "file",
        file: { name, content_type: "image/png", size: body.length, url: "/v/files/2" },
        author,
      }),
    );
  }
  const after = Number(new URL(request.url, "http://x").searchParams.get("after"));
  answer(200, { conversation, messages: visitor.messages.filter((message) => message.sequence > after), more: false });
}

const server = createServer(async (request, response) => {
  const url = new URL(request.url, "http://localhost");
  const headers = {
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Allow-Headers": "*",
    "Access-Control-Allow-Methods": "*",
  };
  const answer = (status, value) =>
    response.writeHead(status, { ...headers, "Content-Type": "application/json" }).end(JSON.stringify(value));
  const path = url.pathname.replace("/v/", "");
  if (request.method === "OPTIONS") return response.writeHead(204, headers).end();
  if (url.pathname === "/control") return answer(200, control(url.searchParams) ?? {});
  if (["aceno.js", "page.js", "chat.js"].includes(path)) {
    response.writeHead(200, { ...headers, "Content-Type": "text/javascript" });
    return createReadStream(join(dist, path)).pipe(response);
  }
  if (path === "leave") return response.writeHead(204, headers).end();
  if (path === "poll") return poll(JSON.parse(await bodyOf(request)), answer);
  return visitorRoutes(request, path, answer);
});
server.on("upgrade", (request, stream) => {
  if (refuseSockets) return stream.destroy();
  const socket = acceptSocket(request, stream);
  socket.onframe = (frame) => hear(socket, frame);
  socket.onclose = () => connections.delete(socket);
});
server.listen(port);

// The page on another origin, with a strict policy and a hostile style sheet.
const policy = `default-src 'self'; script-src 'self' http://localhost:${port}; connect-src http://localhost:${port} ws://localhost:${port}; style-src 'self'`;
createServer(async (request, response) => {
  const { pathname } = new URL(request.url, "http://localhost");
  const file = pathname === "/page.css" || pathname === "/page.js" ? pathname.slice(1) : "page.html";
  const types = { html: "text/html; charset=utf-8", css: "text/css", js: "text/javascript" };
  response.writeHead(200, { "Content-Type": types[file.split(".")[1]], "Content-Security-Policy": policy });
  response.end((await readFile(join(here, file), "utf8")).replaceAll("{{BASE}}", `http://localhost:${port}`));
}).listen(port + 1, () => console.log(`http://localhost:${port + 1}`));
