import type { LiveEvent } from "@aceno/contract";
import i18next from "i18next";
import type { Live } from "@/app/live/live.ts";
import type { LiveState } from "@/app/live/state.ts";
import { showOnDesktop } from "./desktop.ts";
import type { Preferences, PreferencesStore } from "./preferences.ts";
import { blinkTitle } from "./title.ts";
import { isSound, Tone } from "./tone.ts";

export type Sound = "waiting" | "message" | "arrival" | "team" | "mention";

/** Several events in a moment (after a reconnection, say) are one sound. */
const quietFor = 1_500;

/** What a durable event sounds like for this agent, `null` for nothing. */
export function soundOf(event: LiveEvent, state: LiveState, viewing: ReadonlySet<string>): Sound | null {
  const { agent } = state.me;
  if (event.kind === "conversation.queued" || event.kind === "conversation.returned") {
    const { department_id, state: phase } = event.payload.conversation;
    const mine = state.me.supervises_all || agent.department_ids.includes(department_id);
    return mine && phase === "waiting" && agent.status !== "offline" ? "waiting" : null;
  }
  if (event.kind === "conversation.transfer") {
    const { to_agent_id, state: phase } = event.payload.transfer;
    return to_agent_id === agent.id && phase === "pending" ? "waiting" : null;
  }
  if (event.kind === "offer.made") return event.payload.offer.agent_id === agent.id ? "waiting" : null;
  if (event.kind === "conversation.message") {
    const { conversation_id: id, conversation, message } = event.payload;
    if (message.author.kind !== "visitor" || conversation.agent_id !== agent.id) return null;
    return viewing.has(id) ? null : "message";
  }
  return null;
}

export function mayPlay(sound: Sound, preferences: Preferences): boolean {
  const { sound: any, sound_waiting: waiting, sound_message: message, sound_team: team } = preferences;
  return any && { waiting, message, arrival: true, team, mention: preferences.sound_mention }[sound];
}

/** Sound and title of the panel. The leading tab decides, one tab sounds: the browser rings once (B16). */
export class Alerts {
  private readonly tone = new Tone();
  private readonly listeners = new Set<() => void>();
  private unlocked = false;
  private quietUntil = 0;

  constructor(
    private readonly live: Live,
    private readonly preferences: PreferencesStore,
  ) {}

  subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };

  /** The browser lets this tab make sounds. */
  isUnlocked = (): boolean => this.unlocked;

  /** Plays at once, from a click: this also unlocks the sound. */
  async test(): Promise<void> {
    await this.unlock();
    this.tone.play("message", this.preferences.get().volume);
  }

  start(): () => void {
    const tryUnlock = () => void this.unlock();
    const gestures = ["pointerdown", "keydown"] as const;
    for (const gesture of gestures) window.addEventListener(gesture, tryUnlock, { capture: true, passive: true });
    const stops = [
      this.live.onEvent((event) => this.hear(event)),
      this.live.onRing((sound) => {
        if (isSound(sound)) this.tone.play(sound, this.preferences.get().volume);
      }),
      this.tone.onChange((running) => this.setUnlocked(running)),
      blinkTitle.stopWhenSeen(),
    ];
    // Signing in was a gesture already.
    if (navigator.userActivation?.hasBeenActive) tryUnlock();
    return () => {
      for (const gesture of gestures) window.removeEventListener(gesture, tryUnlock, { capture: true });
      for (const stop of stops) stop();
      this.tone.close();
    };
  }

  private async unlock(): Promise<void> {
    this.setUnlocked(await this.tone.unlock());
  }

  private setUnlocked(unlocked: boolean): void {
    if (this.unlocked === unlocked) return;
    this.unlocked = unlocked;
    for (const listener of this.listeners) listener();
  }

  private hear(event: LiveEvent): void {
    const { state } = this.live.getView();
    if (!state) return;
    const viewing = new Set(this.live.tabs().flatMap((tab) => (tab.visible && tab.viewing ? [tab.viewing] : [])));
    const sound = soundOf(event, state, viewing);
    if (!sound) return;
    this.announce(sound, titleOf(sound, event));
  }

  /** Says something that happened: in the title of every tab, by sound in one, and on the desktop while no tab is in view. */
  announce(sound: Sound, title: string): void {
    const preferences = this.preferences.get();
    if (preferences.title_blink) blinkTitle.start(title);
    const { leading } = this.live.getView();
    if (leading && preferences.desktop && !this.live.tabs().some((tab) => tab.visible)) showOnDesktop(sound, title);
    const now = Date.now();
    if (!leading || !mayPlay(sound, preferences) || now < this.quietUntil) return;
    this.quietUntil = now + quietFor;
    this.live.ring(sound);
  }
}

function titleOf(sound: Sound, event: LiveEvent): string {
  if (event.kind === "offer.made") return `${i18next.t("alerts.offered")}: ${event.payload.visitor_name}`;
  if (sound === "waiting") return i18next.t("toolbar.next");
  const name = event.kind === "conversation.message" ? event.payload.message.author.name : "";
  return name ? `${i18next.t("alerts.message")}: ${name}` : i18next.t("alerts.message");
}
