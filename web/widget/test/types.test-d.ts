/// <reference path="../published/aceno.d.ts" />
// Checked by the compiler, never run: what the published types allow and what they refuse.
aceno("identify", { name: "Maria", email: "maria@example.com" });
aceno("set", { plan: "gold", vip: true, cart: 214.9 });
aceno("callmode", 10);
aceno("theme", { brand: "#0f766e", scheme: "dark" });
aceno("on", "message", ({ from, text, at }) => `${from} ${text} ${at.toFixed()}`);
aceno("on", "conversation", ({ state }) => state === "waiting");
window.aceno("open");
// @ts-expect-error there is no such place
aceno("callmode", 8);
// @ts-expect-error there is no such command
aceno("opne");
// @ts-expect-error a field is a text, a number or a truth
aceno("set", { list: [1] });
// @ts-expect-error there is no such event
aceno("on", "opened", () => undefined);
