import type { Bridge } from "../bridge";

/** A short rising tone in two notes: [hertz, start in seconds]. */
const notes = [
  [660, 0],
  [880, 0.12],
] as const;

/**
 * The tone for new messages: after the visitor's first gesture (browsers allow no sound before) and from one tab only. The tab that rings
 * holds a Web Lock, and only tabs that may sound ask for it; where there are no locks, the tabs settle it through the shared storage.
 */
export class Sound {
  #audio: AudioContext | undefined;
  #leads = false;
  #release: (() => void) | undefined;

  constructor(
    private readonly bridge: Bridge,
    private readonly win: Window & typeof globalThis = window,
  ) {
    const unlock = () => {
      win.removeEventListener("pointerdown", unlock, true);
      win.removeEventListener("keydown", unlock, true);
      this.#unlock();
    };
    // A page that holds a lock can't go into the back-forward cache.
    win.addEventListener("pagehide", () => this.#release?.());
    win.addEventListener("pageshow", ({ persisted }) => {
      if (persisted && this.#audio) this.#apply();
    });
    win.addEventListener("pointerdown", unlock, true);
    win.addEventListener("keydown", unlock, true);
  }

  /** The visitor's choice, for all tabs. */
  get on(): boolean {
    return this.bridge.local.get("sound") !== "0";
  }

  set on(value: boolean) {
    this.bridge.local.set("sound", value ? null : "0");
  }

  /** Rings for a message, unless another tab does. */
  ring(conversation: string, sequence: number): void {
    if (!this.on || !this.#audio || !this.#mine(`${conversation}:${sequence}`)) return;
    const { currentTime } = this.#audio;
    for (const [hertz, start] of notes) this.#note(this.#audio, hertz, currentTime + start);
  }

  #note(audio: AudioContext, hertz: number, at: number): void {
    const tone = audio.createOscillator();
    const volume = audio.createGain();
    tone.frequency.value = hertz;
    volume.gain.setValueAtTime(0, at);
    volume.gain.linearRampToValueAtTime(0.12, at + 0.02);
    volume.gain.exponentialRampToValueAtTime(0.0001, at + 0.3);
    tone.connect(volume).connect(audio.destination);
    tone.start(at);
    tone.stop(at + 0.3);
  }

  #unlock(): void {
    try {
      this.#audio = new this.win.AudioContext();
      void this.#audio.resume();
      this.#apply();
    } catch {
      this.#audio = undefined;
    }
  }

  /** Asks to be the tab that rings. Whoever gets it keeps it until the page goes; then the next tab that asked has it. */
  #apply(): void {
    this.win.navigator.locks
      ?.request(`aceno.sound.${this.bridge.key}`, () => {
        this.#leads = true;
        return new Promise<void>((resolve) => {
          this.#release = () => {
            this.#leads = false;
            this.#release = undefined;
            resolve();
          };
        });
      })
      .catch(() => undefined);
  }

  #mine(what: string): boolean {
    if (this.win.navigator.locks) return this.#leads;
    if (this.bridge.local.get("rang") === what) return false;
    this.bridge.local.set("rang", what);
    return true;
  }
}
