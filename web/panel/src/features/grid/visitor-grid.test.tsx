import type { GridFrame } from "@aceno/contract";
import { act, fireEvent, screen } from "@testing-library/react";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { settle } from "@/app/live/testing.ts";
import { renderPanel } from "@/app/testing-panel.tsx";
import { aRow } from "./testing.ts";
import "@/features/visit/visit-aside.tsx";
import "./group-menu.tsx";
import "./group-row.tsx";
import { VisitorGrid } from "./visitor-grid.tsx";

// The clock of the fake timers; and jsdom has no layout: the virtualiser is given a screen of this size.
beforeEach(() => {
  vi.useFakeTimers({ toFake: ["Date"], now: 1_000_000 });
  vi.spyOn(Element.prototype, "clientHeight", "get").mockReturnValue(600);
  vi.spyOn(Element.prototype, "clientWidth", "get").mockReturnValue(1300);
});

afterEach(() => vi.useRealTimers());

const rows = [
  aRow(1, { state: "waiting", name: "João Pereira", waiting_since: 900_000 }),
  aRow(2, { page_title: "Carrinho", page_url: "https://loja.exemplo.com/carrinho" }),
  aRow(3, { state: "idle", activity_at: 640_000 }),
];

async function setUp() {
  const panel = await renderPanel(<VisitorGrid />);
  const wish = () => panel.socket.of("grid").at(-1);
  const frame = (change: Partial<GridFrame> = {}) =>
    panel.push({
      t: "grid",
      id: wish()?.id ?? 0,
      offset: 0,
      total: 3,
      all: 3,
      counts: { waiting: 1, browsing: 1, idle: 1 },
      bots: 2,
      idle: 1,
      not_shown: 0,
      order: [1, 2, 3],
      rows,
      ...change,
    });
  const grid = screen.getByRole("grid");
  const key = (name: string, modifiers = {}) => act(() => fireEvent.keyDown(grid, { key: name, ...modifiers }));
  const active = () => grid.getAttribute("aria-activedescendant");
  const names = () => screen.getAllByTestId("grid-row").map((row) => row.children[1]?.textContent);
  return { ...panel, wish, frame, grid, key, active, names };
}

describe("VisitorGrid", () => {
  it("asks for who waits first, then shows rows, counts and totals", async () => {
    const { wish, frame, grid, names } = await setUp();
    expect(screen.getByText("Carregando visitantes…")).toBeTruthy();
    expect(wish()?.view.sort[0]).toEqual({ by: "state", dir: "asc" });
    frame();
    expect(grid.getAttribute("aria-rowcount")).toBe("4");
    expect(names()).toEqual(["João Pereira", "Visitante 2", "Visitante 3"]);
    expect(screen.getAllByTestId("grid-row").map((row) => row.children[0]?.textContent)).toEqual([
      "Na fila · 1:40",
      "Navegando",
      "Ocioso 6 min",
    ]);
    expect(screen.getByTestId("grid-totals").textContent).toBe("3 visitantes · 1 ociosos · 2 robôs à parte");
    expect(screen.getByRole("button", { name: "Na fila 1" })).toBeTruthy();
  });

  it("is walked by keyboard: arrows, Home, End, Enter", async () => {
    const { frame, grid, key, active, socket } = await setUp();
    frame();
    act(() => grid.focus());
    expect(active()).toBe("visitor-1");
    key("ArrowDown");
    expect(active()).toBe("visitor-2");
    key("End");
    expect(active()).toBe("visitor-3");
    key("ArrowDown");
    expect(active()).toBe("visitor-3");
    key("Home");
    key("Enter");
    expect(await screen.findByTestId("visit-details")).toBeTruthy();
    expect(socket.of("visit").at(-1)?.id).toBe("visit1");
  });

  it("selects one, several and a range", async () => {
    const { frame, grid, key } = await setUp();
    frame();
    act(() => grid.focus());
    const selected = () => screen.getAllByRole("row", { selected: true }).length;
    key(" ");
    expect(selected()).toBe(1);
    key("End", { shiftKey: true });
    expect(selected()).toBe(3);
    fireEvent.click(screen.getByText("Visitante 2"));
    expect(selected()).toBe(1);
    fireEvent.click(screen.getByText("Visitante 3"), { ctrlKey: true });
    expect(screen.getByText("2 selecionados")).toBeTruthy();
    key("Escape");
    expect(screen.queryByText("2 selecionados")).toBeNull();
  });

  it("follows the active visitor when the order changes, and holds the order while it is used", async () => {
    const { frame, grid, key, active, names } = await setUp();
    frame();
    act(() => grid.focus());
    key("ArrowDown");
    frame({ order: [3, 2, 1], rows: undefined });
    expect(names()[0]).toBe("João Pereira");
    fireEvent.click(screen.getByRole("button", { name: /mudanças esperando/ }));
    expect(names()[0]).toBe("Visitante 3");
    expect(active()).toBe("visitor-2");
  });

  it("sorts by a click on a header and filters by a state", async () => {
    const { frame, wish } = await setUp();
    frame();
    fireEvent.click(screen.getByRole("button", { name: /^Visitante$/ }));
    await act(settle);
    expect(wish()?.view.sort).toEqual([{ by: "name", dir: "asc" }]);
    expect(screen.getByRole("columnheader", { name: "Visitante" }).getAttribute("aria-sort")).toBe("ascending");
    fireEvent.click(screen.getByRole("button", { name: "Ocioso 1" }));
    await act(settle);
    expect(wish()?.view.states).toEqual(["idle"]);
  });

  it("tells an empty site from filters that nobody matches", async () => {
    const { frame } = await setUp();
    frame({ total: 0, all: 0, order: [], rows: [] });
    expect(screen.getByText("Ninguém no site agora")).toBeTruthy();
    fireEvent.click(screen.getByRole("button", { name: /^Na fila/ }));
    await act(settle);
    frame({ total: 0, all: 7, order: [], rows: [] });
    expect(screen.getByText("Há 7 visitantes fora deles.")).toBeTruthy();
  });

  it("groups with exact counts, opens a group by click and by keyboard, and selects no headings", async () => {
    const { frame, wish, grid, key, active } = await setUp();
    frame();
    fireEvent.click(screen.getByRole("button", { name: "Agrupar" }));
    fireEvent.click(await screen.findByRole("menuitemradio", { name: "País" }));
    await act(settle);
    expect(wish()).toMatchObject({ view: { group: "country" }, groups: { open: false, except: [] } });
    const groups = [
      { n: -7, key: "BR", count: 1234, open: false },
      { n: -8, key: "", count: 3, open: false },
    ];
    frame({ total: 1237, all: 1237, lines: 2, group_count: 2, order: [-7, -8], rows: [], groups });
    const names = () => screen.getAllByTestId("grid-group").map((row) => row.textContent);
    await screen.findAllByTestId("grid-group");
    expect(names()).toEqual([expect.stringMatching(/Brasil1.234$/), "Sem informação3"]);
    expect(screen.getByTestId("grid-totals").textContent).toContain("2 grupos · 1.237 visitantes");
    fireEvent.click(screen.getByText("Sem informação"));
    await act(settle);
    expect(wish()?.groups).toEqual({ open: false, except: [-8] });
    frame({
      total: 1237,
      all: 1237,
      lines: 5,
      group_count: 2,
      order: [-7, -8, 1, 2, 3],
      rows,
      groups: [{ ...groups[1], open: true } as never],
    });
    expect(screen.getByRole("row", { expanded: true }).textContent).toBe("Sem informação3");
    act(() => grid.focus());
    expect(active()).toBe("visitor--8");
    key("End", { shiftKey: true });
    expect(screen.queryAllByRole("row", { selected: true })).toHaveLength(1);
    key("Home");
    key("ArrowRight");
    await act(settle);
    expect(wish()?.groups).toEqual({ open: false, except: [-8, -7] });
  });

  it("tells how many are not shown, and marks who is blocked", async () => {
    const { frame } = await setUp();
    frame({
      not_shown: 1200,
      counts: { waiting: 1, browsing: 1, blocked: 1 },
      rows: [rows[0], rows[1], aRow(3, { state: "blocked" })] as never,
    });
    expect(screen.getByTestId("not-shown").textContent).toBe("1.200 não mostrados");
    expect(screen.getByRole("button", { name: "Bloqueado 1" })).toBeTruthy();
    expect(screen.getAllByTestId("grid-row").at(-1)?.textContent).toContain("Bloqueado");
  });
});
