import * as links from "@aceno/contract/links";
import { render, screen } from "@testing-library/react";
import { expect, it, vi } from "vitest";
import { Linked, MailLink } from "./linked.tsx";

vi.mock("@aceno/contract/links", { spy: true });

it("searches once for a text, however often it is drawn, and draws a bounded number of links", () => {
  const flood = `${"http://a ".repeat(270)}${")".repeat(2570)}`;
  const { container, rerender } = render(<Linked text={flood} />);
  for (let i = 0; i < 5; i++) rerender(<Linked text={flood} plain={(text) => text} />);
  expect(links.splitLinks).toHaveBeenCalledTimes(1);
  expect(container.textContent).toBe(flood);
  expect(container.querySelectorAll("a")).toHaveLength(links.mostLinks);
});

it("writes to an address and to nobody else", () => {
  const { container } = render(
    <p>
      <Linked text="escreva a ana@loja.example?cc=eva@b.example" plain={(text) => text.toUpperCase()} />
      <MailLink address="compras&vendas@loja.example" />
      <MailLink address="ana@loja.example?cc=eva%40b.example" />
    </p>,
  );
  expect(screen.getAllByRole("link").map((link) => link.getAttribute("href"))).toEqual([
    "mailto:ana@loja.example",
    "mailto:compras%26vendas@loja.example",
  ]);
  expect(container.textContent).toContain("ESCREVA A ana@loja.example?CC=EVA");
  expect(container.textContent).toContain("ana@loja.example?cc=eva%40b.example");
});
