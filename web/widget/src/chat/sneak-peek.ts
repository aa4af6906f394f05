/** The agent sees what is being typed, at most this often. */
const every = 1000;
/** The most the server takes. */
const longest = 500;

/** Passes on what the visitor types: at most once a second, the last state always, the end at once. */
export class SneakPeek {
  #last = "";
  #at = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(private readonly send: (text: string) => void) {}

  typed(text: string): void {
    clearTimeout(this.#timer);
    const peek = text.slice(0, longest);
    if (peek === this.#last) return;
    const wait = peek === "" ? 0 : this.#at + every - Date.now();
    if (wait <= 0) this.#pass(peek);
    else this.#timer = setTimeout(() => this.#pass(peek), wait);
  }

  /** Another conversation: nothing was passed on yet. */
  reset(): void {
    clearTimeout(this.#timer);
    this.#last = "";
    this.#at = 0;
  }

  #pass(text: string): void {
    this.#last = text;
    this.#at = Date.now();
    this.send(text);
  }
}
