import { describe, expect, it } from "vitest";
import { fill, greeting, hourIn } from "./fill.ts";

const values = {
  visitor: "Maria {agent} Souza",
  first_name: "Maria",
  agent: "Ana",
  department: "Vendas",
  number: "2026000001",
  greeting: "Bom dia",
};

describe("fill", () => {
  it("fills what it knows, once, and leaves the rest as it is written", () => {
    expect(fill("{greeting}, {first_name}! {agent}/{department} {number}", values)).toBe(
      "Bom dia, Maria! Ana/Vendas 2026000001",
    );
    expect(fill("{visitor} {price} { agent } {constructor}", values)).toBe(
      "Maria {agent} Souza {price} { agent } {constructor}",
    );
  });
});

describe("greeting", () => {
  it("follows the hour where the account is", () => {
    expect([0, 4, 5, 11, 12, 17, 18, 23].map((hour) => greeting(hour, "pt"))).toEqual([
      "Boa noite",
      "Boa noite",
      "Bom dia",
      "Bom dia",
      "Boa tarde",
      "Boa tarde",
      "Boa noite",
      "Boa noite",
    ]);
    expect(hourIn(Date.UTC(2026, 10, 22, 2, 30), "America/Sao_Paulo")).toBe(23);
    expect(hourIn(Date.UTC(2026, 10, 22, 3, 0), "America/Sao_Paulo")).toBe(0);
  });
});
