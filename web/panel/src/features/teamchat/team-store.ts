import { type LiveEvent, NetworkError, Problem, type TeamMessage, type TeamRoom } from "@aceno/contract";
import {
  afterMessage,
  afterRead,
  nothing,
  type Outgoing,
  roomOf,
  type SaidEvent,
  type TeamThread,
  type TeamView,
  unreadOf,
} from "./team-state.ts";

export interface TeamDeps {
  me: string;
  api: {
    rooms(): Promise<{ rooms: TeamRoom[] }>;
    messages(
      room: string,
      page: { after?: number; before?: number; limit?: number },
    ): Promise<{ messages: TeamMessage[]; more: boolean }>;
    post(room: string, message: { client_id: string; text: string; mentions: string[] }): Promise<TeamMessage>;
    postFile(
      room: string,
      file: File,
      clientId: string,
      options: { onProgress: (share: number) => void },
    ): Promise<TeamMessage>;
    read(room: string, sequence: number): Promise<unknown>;
  };
  timers: { set(run: () => void, ms: number): number; now(): number };
  newId: () => string;
  /** Somebody else said something in a room that is not being looked at. */
  onNews: (room: string, said: SaidEvent) => void;
}

const pageSize = 50;
const firstRetry = 1_000;
const longestRetry = 15_000;
const empty: TeamThread = { messages: [], more: false, loading: false, failed: false };

/** Rooms, messages and what is on its way, of one agent; the live events keep it true. */
export class TeamStore {
  private view: TeamView = nothing;
  private readonly listeners = new Set<() => void>();
  private readonly working = new Set<string>();
  private readonly attempts = new Map<string, number>();
  private readonly filling = new Set<string>();
  /** The room that is really before the agent's eyes, down to its newest message. */
  private watched: string | null = null;

  constructor(private readonly deps: TeamDeps) {}

  get = (): TeamView => this.view;

  subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };

  /** Asks for the rooms; again after a break of the event stream, and then for what was missed in the opened ones. */
  load(): void {
    this.deps.api.rooms().then(
      ({ rooms }) => {
        const known = this.view.rooms ?? {};
        const fresh = rooms.map((room) => {
          const before = known[room.id];
          return before && before.last_sequence > room.last_sequence ? before : room;
        });
        this.set({ failed: false, rooms: Object.fromEntries(fresh.map((room) => [room.id, room])) });
      },
      () => this.set({ failed: true }),
    );
    for (const room of Object.keys(this.view.threads)) void this.fill(room);
  }

  show(open: boolean): void {
    if (!open) this.watched = null;
    this.set({ open });
    if (open && !this.view.rooms) this.load();
  }

  enter(room: string | null): void {
    this.watched = null;
    this.set({ room });
    if (room !== null && !this.view.threads[room]?.messages.length) void this.first(room);
  }

  /** The room's newest message is on the screen, or no longer is. */
  watch(room: string, looking: boolean): void {
    if (looking) this.watched = room;
    else if (this.watched === room) this.watched = null;
    if (looking) this.markRead(room);
  }

  older(room: string): void {
    const thread = this.thread(room);
    const first = thread.messages[0];
    if (!first || !thread.more || thread.loading) return;
    void this.page(room, { before: first.sequence, limit: pageSize }, true);
  }

  retry(room: string): void {
    if (this.thread(room).messages.length > 0) void this.fill(room);
    else void this.first(room);
  }

  receive(event: LiveEvent): void {
    if (event.kind === "team.message") this.said(event.payload);
    if (event.kind !== "team.read") return;
    const id = roomOf(event.payload, this.deps.me);
    const room = this.view.rooms?.[id];
    if (room) this.setRoom(afterRead(room, event.payload, this.deps.me));
  }

  send(room: string, content: { text: string; mentions: string[]; file: File | null }): void {
    const item: Outgoing = {
      client_id: this.deps.newId(),
      room,
      ...content,
      at: this.deps.timers.now(),
      state: "sending",
      progress: 0,
      problem: null,
    };
    this.set({ outgoing: [...this.view.outgoing, item] });
    void this.work(room);
  }

  resend(clientId: string): void {
    const item = this.find(clientId);
    if (!item) return;
    this.change(clientId, { state: "sending", problem: null });
    void this.work(item.room);
  }

  discard(clientId: string): void {
    if (!this.find(clientId)) return;
    this.set({ outgoing: this.view.outgoing.filter((item) => item.client_id !== clientId) });
  }

  private said(said: SaidEvent): void {
    const { me } = this.deps;
    const id = roomOf(said, me);
    const known = this.view.rooms?.[id];
    const mine = said.message.author_id === me;
    if (mine) this.discard(said.message.client_id);
    if (this.view.rooms) this.setRoom(afterMessage(known, said, me));
    this.take(id, said.message);
    if (mine || (known && said.message.sequence <= known.last_sequence)) return;
    if (this.watched === id) this.markRead(id);
    else this.deps.onNews(id, said);
  }

  private markRead(id: string): void {
    const room = this.view.rooms?.[id];
    if (!room || unreadOf(room) === 0) return;
    this.setRoom({ ...room, read_sequence: room.last_sequence, mentions: 0 });
    // A mark that was lost is made again with the next one.
    this.deps.api.read(id, room.last_sequence).catch(() => {});
  }

  private first(room: string): Promise<void> {
    return this.page(room, { limit: pageSize }, true);
  }

  private async page(room: string, page: { before?: number; limit: number }, setsMore: boolean): Promise<void> {
    if (this.thread(room).loading) return;
    this.setThread(room, { loading: true, failed: false });
    try {
      const { messages, more } = await this.deps.api.messages(room, page);
      this.setThread(room, setsMore ? { loading: false, more } : { loading: false });
      this.merge(room, messages);
    } catch {
      this.setThread(room, { loading: false, failed: true });
    }
  }

  private take(room: string, message: TeamMessage): void {
    const thread = this.view.threads[room];
    if (!thread) return;
    const last = thread.messages.at(-1);
    if (message.sequence > (last?.sequence ?? 0) + 1) void this.fill(room);
    else this.merge(room, [message]);
  }

  /** Asks for everything after the newest that is here. */
  private async fill(room: string): Promise<void> {
    if (this.filling.has(room)) return;
    this.filling.add(room);
    try {
      for (;;) {
        const after = this.thread(room).messages.at(-1)?.sequence ?? 0;
        const page = await this.deps.api.messages(room, { after, limit: 200 });
        this.merge(room, page.messages);
        if (!page.more) return;
      }
    } catch {
      this.setThread(room, { failed: true });
    } finally {
      this.filling.delete(room);
    }
  }

  private merge(room: string, messages: readonly TeamMessage[]): void {
    const bySequence = new Map(this.thread(room).messages.map((message) => [message.sequence, message]));
    for (const message of messages) {
      bySequence.set(message.sequence, message);
      if (message.author_id === this.deps.me) this.discard(message.client_id);
    }
    this.setThread(room, { messages: [...bySequence.values()].sort((a, b) => a.sequence - b.sequence), failed: false });
  }

  /** Sends a room's messages one after the other; without an answer again with the same id, a refusal lets the next one pass. */
  private async work(room: string): Promise<void> {
    if (this.working.has(room)) return;
    this.working.add(room);
    for (;;) {
      const item = this.view.outgoing.find((each) => each.room === room && each.state !== "failed");
      if (!item) break;
      if (!(await this.deliver(item))) {
        const attempt = this.attempts.get(room) ?? 0;
        this.attempts.set(room, attempt + 1);
        this.deps.timers.set(
          () => {
            this.working.delete(room);
            void this.work(room);
          },
          Math.min(longestRetry, firstRetry * 2 ** attempt),
        );
        return;
      }
      this.attempts.delete(room);
    }
    this.working.delete(room);
  }

  /** False when nobody answered. */
  private async deliver({ client_id, room, text, mentions, file }: Outgoing): Promise<boolean> {
    const { api } = this.deps;
    this.change(client_id, { state: "sending", progress: 0 });
    try {
      const message = await (file
        ? api.postFile(room, file, client_id, { onProgress: (progress) => this.change(client_id, { progress }) })
        : api.post(room, { client_id, text, mentions }));
      this.discard(client_id);
      this.take(room, message);
      return true;
    } catch (error) {
      if (error instanceof Problem && !error.transient && error.status < 500 && error.status !== 401) {
        this.change(client_id, { state: "failed", problem: error });
        return true;
      }
      if (!(error instanceof Problem || error instanceof NetworkError)) throw error;
      this.change(client_id, { state: "waiting" });
      return this.find(client_id) === undefined;
    }
  }

  private thread(room: string): TeamThread {
    return this.view.threads[room] ?? empty;
  }

  private find(clientId: string): Outgoing | undefined {
    return this.view.outgoing.find((item) => item.client_id === clientId);
  }

  private change(clientId: string, change: Partial<Outgoing>): void {
    if (!this.find(clientId)) return;
    this.set({
      outgoing: this.view.outgoing.map((item) => (item.client_id === clientId ? { ...item, ...change } : item)),
    });
  }

  private setRoom(room: TeamRoom): void {
    this.set({ rooms: { ...this.view.rooms, [room.id]: room } });
  }

  private setThread(room: string, change: Partial<TeamThread>): void {
    this.set({ threads: { ...this.view.threads, [room]: { ...this.thread(room), ...change } } });
  }

  private set(change: Partial<TeamView>): void {
    this.view = { ...this.view, ...change };
    for (const listener of this.listeners) listener();
  }
}
