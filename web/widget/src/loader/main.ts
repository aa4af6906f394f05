import { whenShown } from "./lifecycle";
import { guard } from "./safe";
import { createWidget, type Widget } from "./widget";

type Command = (...args: unknown[]) => void;
type Stub = Command & { q?: Iterable<unknown>[]; v?: number };

/**
 * Starts on the page: takes the place of the install code's stub, plays its queue, and begins when the key is known, from the
 * script's `data-key` or the `key` command. Loading twice is harmless: the first one stays. name is the end of our address.
 */
export function boot(name = "/v/aceno.js"): void {
  const page = window as { aceno?: unknown };
  const stub = page.aceno as Stub | undefined;
  if (typeof stub === "function" && stub.v) return;
  const script = (document.currentScript ??
    document.querySelector(`script[src*="${name}"]`)) as HTMLScriptElement | null;
  const at = script?.src.lastIndexOf(name) ?? -1;
  if (!script || at < 0) return;
  const base = script.src.slice(0, at);
  let widget: Widget | undefined;
  const early: unknown[][] = [];

  function begin(key: unknown): void {
    if (widget || typeof key !== "string" || !key) return;
    widget = createWidget(base, key, script?.nonce || script?.getAttribute("nonce") || "");
    early.forEach(run);
    whenShown(widget.start);
  }

  function run(args: unknown[]): void {
    guard(() => {
      if (args[0] === "key") begin(args[1]);
      else if (widget) widget.command(args[0], args[1], args[2]);
      else early.push(args);
    });
  }

  const command: Stub = (...args) => run(args);
  command.v = 1;
  page.aceno = command;
  for (const args of (typeof stub === "function" && stub.q) || []) run([...args]);
  begin(script.dataset.key);
}
