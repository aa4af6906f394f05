import { closeCodes, type LiveClientFrame, type LiveServerFrame } from "@aceno/contract";
import type { EndReason } from "./state.ts";

/** What the connection needs of a WebSocket. */
export interface Socket {
  onopen: (() => void) | null;
  onmessage: ((event: { data: unknown }) => void) | null;
  onclose: ((event: { code: number; reason: string }) => void) | null;
  send(text: string): void;
  close(code?: number, reason?: string): void;
}

export function browserSocket(address: string): Socket {
  const socket = new WebSocket(address);
  const own: Socket = {
    onopen: null,
    onmessage: null,
    onclose: null,
    send: (text) => socket.send(text),
    close: (code, reason) => socket.close(code, reason),
  };
  socket.onopen = () => own.onopen?.();
  socket.onmessage = (event) => own.onmessage?.(event);
  socket.onclose = (event) => own.onclose?.(event);
  return own;
}

export interface Timers {
  set(run: () => void, ms: number): number;
  clear(id: number): void;
  now(): number;
  /** From 0 inclusive to 1 exclusive. */
  random(): number;
}

export interface ConnectionEvents {
  /** Where to go on from: the position of the state at this moment. */
  position(): number;
  /** The socket delivers from now on; grid windows and followed visits must be asked for again. */
  onReady(now: number): void;
  onFrame(frame: LiveServerFrame): void;
  /** The position is too old: answer with a new snapshot's position. Rejecting means trying again later. */
  onReload(): Promise<void>;
  /** The socket is gone; `null` until the next attempt is planned. */
  onDown(retryAt: number | null): void;
  onEnd(reason: EndReason): void;
  /** Asks over HTTP whether the session still stands, when the socket could not even be opened; true when nobody answers. */
  sessionStands(): Promise<boolean>;
}

/** What the server says when it ends a session. */
const endings = ["replaced", "signed_out", "inactive", "supervisor"] as const;
const firstDelay = 400;
const longestDelay = 15_000;
/** A connection that stood this long starts again from the shortest delay. */
const steadyAfter = 10_000;
/** Nothing at all heard for this long: the line is taken for dead. The server answers every presence frame. */
const silentAfter = 40_000;

/** One socket kept alive: opens it, goes on from the last position, comes back after losses, says when it is over. */
export class Connection {
  private socket: Socket | null = null;
  private timer: number | null = null;
  private attempts = 0;
  private opened = false;
  /** The server has taken up our position; only now other frames make sense. */
  private ready = false;
  private openedAt = 0;
  private heardAt = 0;
  private retryHint: number | null = null;
  private stopped = true;

  constructor(
    private readonly open: () => Socket,
    private readonly timers: Timers,
    private readonly events: ConnectionEvents,
  ) {}

  start(): void {
    this.stopped = false;
    this.connect();
  }

  stop(): void {
    this.stopped = true;
    this.cancelTimer();
    this.drop();
  }

  /** False when the frame could not be sent: it is gone, ephemeral frames are not kept. */
  send(frame: LiveClientFrame): boolean {
    if (!this.socket || !this.ready) return false;
    this.socket.send(JSON.stringify(frame));
    return true;
  }

  /** Tries at once: the network is back, the machine woke up, or the agent asked. */
  wake(): void {
    if (this.stopped) return;
    if (this.socket && this.opened && this.timers.now() - this.heardAt < silentAfter) return;
    this.attempts = 0;
    this.cancelTimer();
    this.drop();
    this.connect();
  }

  /** Called with every heartbeat: a line that is silent for too long is dropped and opened again. */
  checkSilence(): void {
    if (this.stopped || !this.socket || !this.opened) return;
    if (this.timers.now() - this.heardAt >= silentAfter) this.wake();
  }

  private connect(): void {
    const socket = this.open();
    this.socket = socket;
    this.opened = false;
    this.retryHint = null;
    socket.onopen = () => {
      this.opened = true;
      this.openedAt = this.heardAt = this.timers.now();
      this.begin(socket);
    };
    socket.onmessage = ({ data }) => {
      this.heardAt = this.timers.now();
      const frame = parseFrame(data);
      if (frame) this.receive(frame);
    };
    socket.onclose = ({ code, reason }) => this.closed(code, reason);
  }

  private begin(socket: Socket): void {
    this.ready = false;
    const start: LiveClientFrame = { t: "start", position: this.events.position() };
    socket.send(JSON.stringify(start));
  }

  private receive(frame: LiveServerFrame): void {
    if (frame.t === "ready") {
      this.ready = true;
      this.events.onFrame(frame);
      this.events.onReady(frame.now);
    } else if (frame.t === "bye") {
      this.retryHint = frame.retry;
    } else if (frame.t === "reload") {
      const socket = this.socket;
      this.events.onReload().then(
        () => {
          if (socket && this.socket === socket) this.begin(socket);
        },
        () => {
          if (this.socket === socket) socket?.close(1000, "reload failed");
        },
      );
    } else {
      this.events.onFrame(frame);
    }
  }

  private closed(code: number, reason: string): void {
    const neverOpened = !this.opened;
    this.drop();
    if (this.stopped) return;
    if (code === closeCodes.sessionEnded || code === closeCodes.protocolError) {
      this.end(code === closeCodes.protocolError ? "protocol" : endReason(reason));
      return;
    }
    this.events.onDown(null);
    if (neverOpened) {
      this.events.sessionStands().then((stands) => {
        if (this.stopped || this.socket || this.timer !== null) return;
        if (stands) this.retry();
        else this.end("expired");
      });
    } else {
      this.retry();
    }
  }

  private retry(): void {
    if (this.openedAt > 0 && this.timers.now() - this.openedAt >= steadyAfter) this.attempts = 0;
    this.openedAt = 0;
    const ceiling = Math.min(longestDelay, firstDelay * 2 ** this.attempts);
    const delay = (this.retryHint ?? 0) + ceiling / 2 + this.timers.random() * (ceiling / 2);
    this.attempts++;
    this.timer = this.timers.set(() => {
      this.timer = null;
      this.connect();
    }, delay);
    this.events.onDown(this.timers.now() + delay);
  }

  private end(reason: EndReason): void {
    this.stopped = true;
    this.events.onEnd(reason);
  }

  private cancelTimer(): void {
    if (this.timer !== null) this.timers.clear(this.timer);
    this.timer = null;
  }

  private drop(): void {
    const socket = this.socket;
    this.socket = null;
    this.opened = this.ready = false;
    if (!socket) return;
    socket.onopen = socket.onmessage = socket.onclose = null;
    socket.close();
  }
}

function parseFrame(data: unknown): LiveServerFrame | null {
  if (typeof data !== "string") return null;
  try {
    const frame: unknown = JSON.parse(data);
    return typeof frame === "object" && frame !== null && "t" in frame ? (frame as LiveServerFrame) : null;
  } catch {
    return null;
  }
}

function endReason(reason: string): EndReason {
  return endings.find((each) => each === reason) ?? "expired";
}
