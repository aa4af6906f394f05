import type { Link } from "../bridge";
import type { ClientFrame, ServerFrame } from "../protocol";
import { guard } from "./safe";

export interface TransportOptions {
  /** The address of one of the server's visitor routes, for this site. */
  address(route: "socket" | "poll"): string;
  /** The first frame of a connection, made at the moment it is sent. */
  hello(): ClientFrame;
  frame(frame: ServerFrame): void;
  link(link: Link): void;
  /** Milliseconds since 1970 until which this tab should poll, because the socket was refused; kept over page changes. */
  pollUntil(value?: number): number;
  /** Makes long polling of a line that does nothing yet: now, or when the script that knows how is there. */
  poll(ends: Ends, line: Line): void;
}

export interface Transport {
  /** Connects, unless connected; after `refused` it does nothing. */
  start(): void;
  /** Ends the connection without a come-back. */
  stop(): void;
  /** Ends the connection and makes a new one at once. */
  restart(): void;
  /** False when the frame could not be handed over. */
  send(frame: ClientFrame): boolean;
}

/** Close codes after which the server wants to see us no more: docs/protocols.md, section 3. */
export const finalCodes = [1009, 4000, 4003];

/** Milliseconds before coming back: doubled each time, and as much again by chance, so that not everybody comes at once. */
const firstDelay = 500;
const longestDelay = 15_000;
const leastSpread = 1000;
const welcomeWithin = 10_000;
/** So long before the socket gets another chance; briefly where it worked before, because then it was rather the server that was away. */
const pollFor = 300_000;
const pollBriefly = 20_000;

/** One way to the server, alive until it says `lost` or is closed; afterwards its late events are not heard. */
export interface Line {
  send(frame: ClientFrame): void;
  close(): void;
}

export interface Ends {
  options: TransportOptions;
  alive(): boolean;
  receive(frame: ServerFrame): void;
  lost(refused: boolean): void;
}

/**
 * One connection to the server over whatever works: a WebSocket or, when it was refused twice in a row, long polling with the same frames;
 * after a while of polling the socket gets its chance again. Lost connections come back by exponential delays with jitter,
 * or when the server said.
 */
export function createTransport(options: TransportOptions): Transport {
  let line: Line | undefined;
  let generation = 0;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let attempts = 0;
  let refusals = 0;
  let polling = false;
  let socketWorks = false;
  let welcomed = false;
  let dead = false;
  let hint: number | null = null;

  function receive(frame: ServerFrame): void {
    if (frame.t === "bye") hint = frame.retry;
    if (frame.t === "welcome") {
      welcomed = true;
      attempts = 0;
      if (!polling) {
        socketWorks = true;
        refusals = 0;
      }
    }
    options.frame(frame);
    if (frame.t === "welcome" && welcomed) options.link("open");
  }

  function lost(refused: boolean): void {
    const unheard = !welcomed;
    stop();
    if (refused) {
      dead = true;
      options.link("refused");
      return;
    }
    if (unheard && !polling && ++refusals > 1) {
      // A socket that never gets its welcome may stand before a proxy or a policy that refuses sockets.
      refusals = 1;
      options.pollUntil(Date.now() + (socketWorks ? pollBriefly : pollFor));
      connect();
      return;
    }
    // Polling fails as well: nothing is wrong with sockets.
    if (unheard && polling) options.pollUntil(1);
    options.link("lost");
    const delay = hint ?? Math.min(longestDelay, firstDelay * 2 ** attempts++);
    hint = null;
    timer = setTimeout(connect, delay + Math.random() * Math.max(leastSpread, delay));
  }

  function connect(): void {
    clearTimeout(timer);
    if (dead || line) return;
    const mine = ++generation;
    const alive = () => mine === generation;
    polling = Date.now() < options.pollUntil();
    line = (polling ? openPoll : openSocket)({
      options,
      alive,
      receive: (frame) => guard(() => alive() && receive(frame)),
      lost: (refused) => alive() && lost(refused),
    });
  }

  function stop(): void {
    clearTimeout(timer);
    generation++;
    welcomed = false;
    const old = line;
    line = undefined;
    old?.close();
  }

  return {
    start: connect,
    stop,
    restart() {
      stop();
      attempts = 0;
      connect();
    },
    send(frame) {
      if (welcomed) line?.send(frame);
      return welcomed;
    },
  };
}

function openPoll(ends: Ends): Line {
  const line: Line = { send() {}, close() {} };
  ends.options.poll(ends, line);
  return line;
}

function openSocket({ options, receive, lost }: Ends): Line {
  const late = setTimeout(() => lost(false), welcomeWithin);
  const socket = guard(() => new WebSocket(options.address("socket").replace(/^http/, "ws")));
  const send = (frame: ClientFrame) => guard(() => socket?.send(JSON.stringify(frame)));
  if (socket) {
    socket.onopen = () => guard(() => send(options.hello()));
    socket.onmessage = ({ data }) => {
      const frame = guard(() => JSON.parse(data) as ServerFrame);
      if (!frame) return;
      if (frame.t === "welcome") clearTimeout(late);
      receive(frame);
    };
    socket.onclose = ({ code }) => lost(finalCodes.includes(code));
  } else setTimeout(lost);
  return {
    send,
    close() {
      clearTimeout(late);
      guard(() => socket?.close());
    },
  };
}
