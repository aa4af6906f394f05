/** "Is typing" is repeated this often while keys are pressed, and ends this long after the last one. */
const repeatEvery = 3_000;
const endAfter = 5_000;

/** Tells that the agent is typing, sparingly. */
export class TypingSignal {
  private toldAt = 0;
  private timer: number | null = null;

  constructor(
    private readonly tell: (on: boolean) => void,
    private readonly timers: { set(run: () => void, ms: number): number; clear(id: number): void; now(): number },
  ) {}

  key(): void {
    const now = this.timers.now();
    if (this.timer === null || now - this.toldAt >= repeatEvery) {
      this.toldAt = now;
      this.tell(true);
    }
    if (this.timer !== null) this.timers.clear(this.timer);
    this.timer = this.timers.set(() => this.stop(), endAfter);
  }

  stop(): void {
    if (this.timer === null) return;
    this.timers.clear(this.timer);
    this.timer = null;
    this.tell(false);
  }
}
