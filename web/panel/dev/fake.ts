/**
 * A server that is not there: `npm run dev:fake` shows the whole panel without a backend. It speaks docs/protocols.md well
 * enough to work on the screen, forgets everything when it stops, and lets anybody sign in.
 */
import type { IncomingMessage } from "node:http";
import type { AgentStatus, GridRow, LiveClientFrame, NewMessage } from "@aceno/contract";
import type { Plugin } from "vite";
import { accept, type FakeSocket } from "./fake-socket.ts";
import { rowsOf, toRow } from "./fake-visitors.ts";
import { FakeWorld } from "./fake-world.ts";

/** The union of the bodies that are read. */
type Body = NewMessage & { status: AgentStatus } & Record<string, unknown>;

interface Answer {
  status: number;
  body: unknown;
}

interface Line {
  frame: Extract<LiveClientFrame, { t: "grid" }>;
  order: string;
  held: Map<number, GridRow>;
}

export function fakeServer(): Plugin {
  return {
    name: "aceno-fake-server",
    configureServer(server) {
      const world = new FakeWorld(Number(process.env.VISITORS ?? 300));
      let signedIn = process.env.SIGNED_OUT === undefined;
      const sockets = new Set<FakeSocket>();
      world.emit = (frame) => {
        for (const socket of sockets) socket.send(frame);
      };
      server.httpServer?.on("upgrade", (request, stream) => {
        if (!request.url?.startsWith("/api/live")) return;
        if (!signedIn) return void stream.end("HTTP/1.1 401 Unauthorized\r\n\r\n");
        connect(world, sockets, request, stream);
      });
      server.middlewares.use((request, response, next) => {
        if (!request.url?.startsWith("/api/")) return next();
        const chunks: Buffer[] = [];
        request.on("data", (chunk: Buffer) => chunks.push(chunk));
        request.on("end", () => {
          const { status, body } = door(request) ?? serve(world, request, Buffer.concat(chunks));
          response.writeHead(status, {
            "Content-Type": status < 400 ? "application/json" : "application/problem+json",
          });
          response.end(body === null ? undefined : JSON.stringify(body));
        });
      });

      /** Sign in, sign out, and what is allowed to everybody. */
      function door({ method, url = "" }: IncomingMessage): Answer | null {
        if (url === "/api/session" && method === "POST") signedIn = true;
        if (url.startsWith("/api/session") && method === "DELETE") {
          signedIn = false;
          for (const socket of sockets) socket.close(4001, "signed_out");
          return answer(204, null);
        }
        if (url === "/api/fake/restart") {
          for (const socket of sockets) socket.close(1012, "restart");
          return answer(204, null);
        }
        if (url === "/api/setup") return answer(200, { needed: false });
        return signedIn ? null : refuse(401, "not_authenticated", "Entre de novo.");
      }
    },
  };
}

function connect(
  world: FakeWorld,
  sockets: Set<FakeSocket>,
  request: IncomingMessage,
  stream: Parameters<typeof accept>[1],
) {
  const lines = new Map<number, Line>();
  let visit: string | null = null;
  const tick = setInterval(() => {
    for (const line of lines.values()) push(line);
    const followed = world.visitors.find((each) => each.id === visit);
    if (visit) socket.send({ t: "visit", id: visit, gone: !followed, visit: followed ?? null });
  }, 250);
  const beat = setInterval(() => socket.send({ t: "position", position: world.position }), 15_000);
  const push = (line: Line) => {
    const rows = rowsOf(world.visitors, line.frame.view);
    const window = rows.slice(line.frame.offset, line.frame.offset + line.frame.length).map(toRow);
    const order = window.map((row) => row.n);
    const counts = Object.fromEntries(
      ["waiting", "active", "browsing", "idle"].map((state) => [
        state,
        world.visitors.filter((row) => row.state === state).length,
      ]),
    );
    const fresh = window.filter((row) => !line.held.has(row.n));
    const patch = window.flatMap((row) => {
      const held = line.held.get(row.n);
      if (!held) return [];
      const changed = Object.entries(row).filter(([name, value]) => held[name as keyof GridRow] !== value);
      return changed.length > 0 ? [{ n: row.n, ...Object.fromEntries(changed) }] : [];
    });
    const moved = order.join() !== line.order;
    line.order = order.join();
    line.held = new Map(window.map((row) => [row.n, row]));
    socket.send({
      t: "grid",
      id: line.frame.id,
      offset: line.frame.offset,
      total: rows.length,
      all: world.visitors.length,
      counts,
      bots: 7,
      idle: counts.idle,
      ...(moved && { order }),
      ...(fresh.length > 0 && { rows: fresh }),
      ...(patch.length > 0 && { patch }),
    });
  };
  const socket = accept(
    request,
    stream,
    (text) => {
      const frame = JSON.parse(text) as LiveClientFrame;
      switch (frame.t) {
        case "start":
          for (const event of world.log) if (event.position > (frame.position ?? 0)) socket.send(event);
          socket.send({ t: "ready", position: world.position, now: Date.now() });
          sockets.add(socket);
          break;
        case "grid": {
          const line = lines.get(frame.id) ?? { frame, order: "-", held: new Map() };
          line.frame = frame;
          lines.set(frame.id, line);
          push(line);
          break;
        }
        case "grid_close":
          lines.delete(frame.id);
          break;
        case "visit":
          visit = frame.id;
          break;
        case "seen":
          world.seen(frame.conversation, frame.sequence, "agent");
          break;
        default:
          break;
      }
    },
    () => {
      clearInterval(tick);
      clearInterval(beat);
      sockets.delete(socket);
    },
  );
}

function serve(world: FakeWorld, request: IncomingMessage, body: Buffer): Answer {
  const { pathname, searchParams } = new URL(request.url ?? "/", "http://fake");
  const json = (): Body => JSON.parse(body.toString() || "{}");
  const key = `${request.method} ${pathname.replace(/conversations\/[^/]+/, "conversations/*").replace(/files\/[^/]+/, "files/*")}`;
  const id = pathname.split("/")[3] ?? "";
  switch (key) {
    case "GET /api/session":
    case "POST /api/session":
      return answer(200, world.me);
    case "PUT /api/session/status":
      world.agent.status = json().status;
      world.event({ kind: "agent.status_changed", payload: { agent_id: "ana", status: world.agent.status } });
      return answer(200, world.me);
    case "PUT /api/session/preferences":
      world.me.preferences = json();
      return answer(200, world.me);
    case "GET /api/snapshot":
      return answer(200, world.snapshot());
    case "GET /api/queue":
      return answer(200, world.queue());
    case "POST /api/queue/next": {
      const next = world.next();
      return next ? answer(200, next) : refuse(409, "queue_empty", "Ninguém espera.");
    }
    case "GET /api/conversations/*/messages": {
      const after = Number(searchParams.get("after") ?? Number.NaN);
      const before = Number(searchParams.get("before") ?? Number.POSITIVE_INFINITY);
      const limit = Number(searchParams.get("limit") ?? 50);
      const all = world.messages.get(id) ?? [];
      const found = all.filter((each) => (Number.isNaN(after) || each.sequence > after) && each.sequence < before);
      const page = Number.isNaN(after) ? found.slice(-limit) : found.slice(0, limit);
      return answer(200, { messages: page, more: found.length > page.length });
    }
    case "POST /api/conversations/*/messages": {
      const { client_id, text, audience } = json();
      if (text === "!") return refuse(422, "validation", "Há campos inválidos.");
      return answer(200, world.say(id, "agent", text, audience, {}, client_id));
    }
    case "POST /api/conversations/*/files": {
      const form = body.toString("latin1");
      const field = (name: string) => form.match(new RegExp(`name="${name}"\r\n\r\n([^\r]*)`))?.[1] ?? "";
      const [, name = "arquivo", type = ""] = form.match(/filename="([^"]*)"\r\nContent-Type: ([^\r]*)/) ?? [];
      const file = { id: field("client_id"), name, content_type: type, size: body.length, url: "/icon.svg" };
      const audience = field("audience") === "agents" ? "agents" : "visitor";
      return answer(200, world.say(id, "agent", "", audience, {}, field("client_id"), file));
    }
    case "POST /api/conversations/*/end":
      return answer(200, world.end(id));
    case "POST /api/conversations/*/close":
      return answer(200, world.close(id));
    default:
      return refuse(404, "not_found", "Não existe.");
  }
}

function answer(status: number, body: unknown): Answer {
  return { status, body };
}

function refuse(status: number, code: string, detail: string): Answer {
  return { status, body: { type: "about:blank", title: "", status, code, detail } };
}
