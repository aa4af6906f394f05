import { guard } from "../loader/safe";
import type { Outreach, OutreachState } from "../protocol";
import { type Card, safeAddress, showCard } from "./outreach-card";
import type { StartTopic } from "./topic";

const answers: readonly OutreachState[] = ["accepted", "refused", "clicked", "expired", "failed"];
/** How long a page gives its last words to go out before it goes elsewhere. */
const farewell = 60;
/** How long something waits for a visitor who points at it when its time is over. */
const patience = 1000;

/**
 * What agents and rules send to the visitor: shown once, each step told to the server. What was said is kept for the tab, so that the
 * next page repeats an answer that was lost on its way instead of asking the visitor twice.
 */
export const outreach: StartTopic = (bridge) => {
  let now: { frame: Outreach; card?: Card; timer?: ReturnType<typeof setTimeout> } | undefined;

  /** What was said last: the delivery, the state, and when it was first seen. */
  function said(): [id: string, state: OutreachState, at: number] | undefined {
    const [id, state, at] = (bridge.session.get("outreach") ?? "").split(" ");
    return id ? [id, state as OutreachState, Number(at)] : undefined;
  }

  function say(id: string, state: OutreachState, at = Date.now()): void {
    bridge.session.set("outreach", `${id} ${state} ${at}`);
    bridge.send({ t: "outreach", id, state });
  }

  /** Takes away what is shown. */
  function clear(): void {
    clearTimeout(now?.timer);
    now?.card?.remove();
    now = undefined;
  }

  function answer(state: OutreachState): void {
    const id = now?.frame.id;
    clear();
    if (id) say(id, state);
  }

  function accept(frame: Outreach): void {
    answer("accepted");
    bridge.session.set("invite", frame.id);
    // The chat covers or takes the place of the card: it says what the card says, or would have.
    const { title, text, agent } = frame;
    bridge.session.set("said", title || text ? JSON.stringify([agent?.name ?? "", title, text]) : null);
    if (frame.department) bridge.context.department = frame.department;
    bridge.show(true);
    bridge.changed();
  }

  /** Lets its seconds run from when it was first seen, on whichever page. */
  function expire(frame: Outreach, since: number): void {
    if (!frame.seconds || now?.frame !== frame) return;
    const tick = (): void => {
      if (now?.frame !== frame) return;
      if (now.card?.busy()) now.timer = setTimeout(tick, patience);
      else answer("expired");
    };
    now.timer = setTimeout(tick, Math.max(0, since + frame.seconds * 1000 - Date.now()));
  }

  function seen(frame: Outreach): void {
    if (now?.frame !== frame) return;
    if (document.hidden) {
      document.addEventListener("visibilitychange", () => seen(frame), { once: true });
      return;
    }
    const [id, state, at] = said() ?? [];
    const since = id === frame.id && state === "shown" && at ? at : Date.now();
    say(frame.id, "shown", since);
    expire(frame, since);
  }

  function show(frame: Outreach): void {
    const card = guard(() =>
      showCard(bridge, frame, {
        yes() {
          if (frame.kind === "promotion") answer("clicked");
          else accept(frame);
        },
        no: () => answer("refused"),
        fail: () => answer("failed"),
        shown: () => seen(frame),
      }),
    );
    if (card && now) now.card = card;
    else answer("failed");
  }

  function redirect(frame: Outreach): void {
    const to = safeAddress(frame.url);
    if (!to) {
      answer("failed");
      return;
    }
    answer("accepted");
    if (to.href !== location.href) setTimeout(() => guard(() => location.assign(to.href)), farewell);
  }

  bridge.listen((signal) => {
    const talks =
      (signal.t === "show" && signal.open) || (signal.t === "conversation" && signal.conversation.state !== "ended");
    if (!talks || !now?.card) return;
    const { kind } = now.frame;
    if (kind === "promotion" && signal.t === "show") return;
    if (kind !== "promotion" && signal.t === "show") accept(now.frame);
    else clear(); // contact was asked for elsewhere: the server knows
  });

  return {
    frames: {
      outreach(frame) {
        const [id, state] = said() ?? [];
        if (id === frame.id && state && (answers.includes(state) || now?.frame.id === id)) {
          bridge.send({ t: "outreach", id, state }); // it was lost, or the line was
          return;
        }
        clear();
        now = { frame };
        if (!(id === frame.id && state === "shown")) say(frame.id, "delivered");
        if (frame.kind === "redirect") redirect(frame);
        else if (frame.kind === "open" || (frame.kind !== "promotion" && bridge.isOpen())) accept(frame);
        else show(frame);
      },
    },
  };
};
