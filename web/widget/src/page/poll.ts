import { type Ends, finalCodes, type Line } from "../loader/transport";
import type { ClientFrame, ServerFrame } from "../protocol";

/** HTTP answers to a poll below this are refusals that no repetition will change: 400, 401, 403, 404. */
const mendable = 408;
const pollWithin = 40_000;

/** Long polling with the same frames, for networks and policies that refuse sockets. Fills in a line that did nothing so far. */
export function startPoll({ options, alive, receive, lost }: Ends, line: Line): void {
  if (!alive()) return;
  let connection = "";
  let ack = 0;
  let outgoing: ClientFrame[] = [];
  /** The request that only waits: it may be interrupted so that frames can go out; one that carries frames is left alone. */
  let waiting: AbortController | undefined;

  async function ask(): Promise<void> {
    const frames = connection ? outgoing : [options.hello()];
    const wait = !frames.length;
    const controller = new AbortController();
    const late = setTimeout(() => controller.abort(), pollWithin);
    outgoing = [];
    if (wait) waiting = controller;
    try {
      const response = await fetch(options.address("poll"), {
        method: "POST",
        body: JSON.stringify({ c: connection, ack, frames, wait }),
        credentials: "omit",
        signal: controller.signal,
      });
      if (!response.ok) {
        lost(response.status < mendable);
        return;
      }
      const answer = (await response.json()) as { c: string; n: number; frames: ServerFrame[] };
      const first = answer.n - answer.frames.length + 1;
      const seen = ack;
      connection = answer.c;
      ack = Math.max(ack, answer.n);
      answer.frames.forEach((frame, i) => {
        if (first + i > seen) receive(frame);
        if (frame.t === "bye") lost(finalCodes.includes(frame.code));
      });
      if (Date.now() > options.pollUntil()) lost(false);
    } catch {
      if (!outgoing.length) lost(false);
    }
    waiting = undefined;
    clearTimeout(late);
    if (alive()) void ask();
  }

  line.send = (frame) => {
    outgoing.push(frame);
    waiting?.abort();
  };
  line.close = () => waiting?.abort();
  void ask();
}
