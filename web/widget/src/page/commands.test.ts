import { beforeEach, describe, expect, it } from "vitest";
import { type FakeBridge, fakeBridge, welcome } from "../../test/fakes";
import { commands, inkOn } from "./commands";

let bridge: FakeBridge;
let run: (name: string, value?: unknown, more?: unknown) => void;

beforeEach(() => {
  bridge = fakeBridge();
  const topic = commands(bridge);
  run = (name, value, more) => topic.commands?.[name]?.(value, more);
});

describe("theme", () => {
  it("takes a scheme, a colour, or several things, and nothing that is wrong", () => {
    run("theme", "dark");
    expect(bridge.look().theme).toMatchObject({ scheme: "dark", brand: "#0f766e" });
    run("theme", "#FFCC00");
    expect(bridge.look().theme).toMatchObject({ scheme: "dark", brand: "#ffcc00", ink: "#111111" });
    run("theme", { brand: "red;}", corner: 99, size: "huge", scheme: "light", launcher_online: "javascript:1" });
    expect(bridge.look().theme).toMatchObject({
      brand: "#ffcc00",
      corner: 16,
      size: "normal",
      scheme: "light",
      launcher_online: "",
    });
    for (const nothing of [null, undefined, 5, "azul"]) run("theme", nothing);
    expect(bridge.look().theme.scheme).toBe("light");
  });

  it("writes in white or black, whichever reads", () => {
    expect(["#000000", "#0f766e", "#ffffff", "#ffcc00"].map(inkOn)).toEqual([
      "#ffffff",
      "#ffffff",
      "#111111",
      "#111111",
    ]);
  });
});

describe("who and what", () => {
  it("tells name and e-mail, as the original's commands do", () => {
    run("name", "Maria");
    run("email", "maria@exemplo.com");
    run("name", { first: "Maria" });
    run("action", "track-view");
    expect(bridge.sent).toEqual([
      { t: "identify", name: "Maria" },
      { t: "identify", email: "maria@exemplo.com" },
    ]);
    expect(bridge.context).toMatchObject({ name: "Maria", email: "maria@exemplo.com" });
  });

  it("tells what the site's server has signed, on each connection again", () => {
    run("prove", { email: "maria@exemplo.com", user_id: 42, signature: "ab" });
    bridge.play(welcome);
    const frame = { t: "identify", email: "maria@exemplo.com", user_id: "42", signature: "ab" };
    expect(bridge.sent).toEqual([frame, frame]);
  });

  it("keeps what happened as a field", () => {
    run("track", "compra", 214.9);
    run("track", "simulou", { a: 1 });
    expect(bridge.context.fields).toEqual({ compra: 214.9, simulou: true });
    run("department", "vendas");
    expect(bridge.context.department).toBe("vendas");
  });
});
