/** Blinks the tab's title while nobody looks at it. */
class TitleBlink {
  private timer: ReturnType<typeof setInterval> | null = null;
  private plain = "Aceno";

  /** The title at rest. */
  rest(text: string): void {
    this.plain = text;
    if (this.timer === null) document.title = text;
  }

  start(text: string): void {
    if (!document.hidden) return;
    this.stop();
    let on = true;
    document.title = text;
    this.timer = setInterval(() => {
      on = !on;
      document.title = on ? text : this.plain;
    }, 1_000);
  }

  stop(): void {
    if (this.timer === null) return;
    clearInterval(this.timer);
    this.timer = null;
    document.title = this.plain;
  }

  /** Stops by itself when the tab is looked at. Returns how to end that. */
  stopWhenSeen(): () => void {
    const seen = () => {
      if (!document.hidden) this.stop();
    };
    document.addEventListener("visibilitychange", seen);
    return () => {
      document.removeEventListener("visibilitychange", seen);
      this.stop();
    };
  }
}

export const blinkTitle = new TitleBlink();
