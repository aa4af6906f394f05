import { describe, expect, it } from "vitest";
import { contrast, tokens } from "./theme";

describe("tokens", () => {
  it("can be read whatever the brand, light and dark", () => {
    for (const brand of ["#0f766e", "#ffff00", "#000000", "#ffffff", "#ff0000", "#7f7f7f", "#1f2429", "#00ff88"])
      for (const dark of [false, true]) {
        const made = tokens(brand, dark);
        const accent = made["--accent"] as string;
        expect(contrast(accent, dark ? "#1f2429" : "#ffffff"), `${brand} on the card`).toBeGreaterThanOrEqual(4.5);
        expect(contrast(accent, made["--on-accent"] as string), `on ${brand}`).toBeGreaterThanOrEqual(4.5);
        expect(contrast(made["--own"] as string, dark ? "#e4e8ec" : "#1d2329"), `own ${brand}`).toBeGreaterThan(4.5);
      }
  });

  it("leaves a brand alone that can be read", () => {
    expect(tokens("#0f766e", false)["--accent"]).toBe("#0f766e");
  });
});
