import type { Sound } from "./alerts.ts";

/** Notes in hertz: a rising pair for somebody who waits, a short drop for a message. */
const melodies: Record<Sound, { frequency: number; at: number; length: number }[]> = {
  waiting: [
    { frequency: 659.25, at: 0, length: 0.16 },
    { frequency: 880, at: 0.17, length: 0.3 },
  ],
  team: [{ frequency: 698.46, at: 0, length: 0.14 }],
  mention: [
    { frequency: 698.46, at: 0, length: 0.1 },
    { frequency: 1046.5, at: 0.11, length: 0.22 },
  ],
  arrival: [{ frequency: 523.25, at: 0, length: 0.22 }],
  message: [
    { frequency: 987.77, at: 0, length: 0.09 },
    { frequency: 783.99, at: 0.1, length: 0.2 },
  ],
};

/** What another tab asks to be sounded may be newer than this one. */
export function isSound(name: string): name is Sound {
  return Object.hasOwn(melodies, name);
}

/** Alert sounds made by the browser itself, without a file. Silent until a gesture unlocked them. */
export class Tone {
  private context: AudioContext | null = null;
  private listener: ((running: boolean) => void) | null = null;

  onChange(listener: (running: boolean) => void): () => void {
    this.listener = listener;
    return () => {
      this.listener = null;
    };
  }

  /** Must be called from a click or key. True when sounds can be heard from now on. */
  async unlock(): Promise<boolean> {
    if (typeof AudioContext === "undefined") return false;
    if (!this.context) {
      const context = new AudioContext();
      context.onstatechange = () => this.listener?.(context.state === "running");
      this.context = context;
    }
    if (this.context.state !== "running") {
      try {
        await this.context.resume();
      } catch {
        return false;
      }
    }
    return this.context.state === "running";
  }

  /** `volume` from 0 to 1. Does nothing while locked. */
  play(sound: Sound, volume: number): void {
    const context = this.context;
    if (context?.state !== "running" || volume <= 0) return;
    for (const { frequency, at, length } of melodies[sound]) {
      const from = context.currentTime + at;
      const oscillator = context.createOscillator();
      const gain = context.createGain();
      oscillator.type = "triangle";
      oscillator.frequency.value = frequency;
      gain.gain.setValueAtTime(0, from);
      gain.gain.linearRampToValueAtTime(volume * 0.4, from + 0.015);
      gain.gain.exponentialRampToValueAtTime(0.0001, from + length);
      oscillator.connect(gain).connect(context.destination);
      oscillator.start(from);
      oscillator.stop(from + length);
    }
  }

  close(): void {
    void this.context?.close();
    this.context = null;
  }
}
