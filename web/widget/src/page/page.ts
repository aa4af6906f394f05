import type { Bridge, Errand } from "../bridge";
import { guard } from "../loader/safe";
import { watchHistory } from "./history";
import { startPoll } from "./poll";
import type { StartTopic } from "./topic";

type Take = (...args: unknown[]) => void;

/**
 * The second stage: everything about the page that is not needed while it loads. The loader fetches this script when it has an errand
 * for it: a frame or a command it does not know, a look it does not draw, or a line that has to poll.
 */
export function startPage(bridge: Bridge, starts: readonly StartTopic[]): void {
  const takers = new Map<string, Take[]>();
  for (const start of starts) {
    const { frames = {}, commands = {} } = guard(() => start(bridge)) ?? {};
    for (const [kind, takes] of Object.entries({ frame: frames, command: commands }))
      for (const [name, take] of Object.entries(takes))
        takers.set(`${kind} ${name}`, [...(takers.get(`${kind} ${name}`) ?? []), take as Take]);
  }

  function take(errand: Errand): void {
    if (errand[0] === "poll") {
      startPoll(errand[1], errand[2]);
      return;
    }
    if (errand[0] === "history") {
      watchHistory(window, errand[1]);
      return;
    }
    const [kind, what, ...values] = errand;
    const name = kind === "frame" ? errand[1].t : errand[1];
    const takes = takers.get(`${kind} ${name}`) ?? [];
    for (const take of takes) guard(() => (kind === "frame" ? take(what) : take(...values)));
    // biome-ignore lint/suspicious/noConsole: whoever wrote the page has to learn of a typing mistake
    if (kind === "command" && !takes.length) console.warn("aceno", "unknown command", name);
  }

  bridge.hooks.take = () => {
    for (let errand = bridge.errands.shift(); errand; errand = bridge.errands.shift()) {
      const next = errand;
      guard(() => take(next));
    }
  };
  bridge.hooks.take();
  bridge.render();
}
