import { expect, it } from "vitest";
import pt from "@/app/i18n/admin/pt.json";
import { aSnapshot } from "@/app/live/testing.ts";
import { adminGroups, adminPages, permittedPages } from "./pages.ts";

const { me } = aSnapshot(1);

it("gives every page a name, a group and a permission of its own", () => {
  const ids = adminPages.map(({ id }) => id);
  expect(new Set(ids).size).toBe(ids.length);
  for (const { id, group, permission } of adminPages) {
    expect(pt.pages, id).toHaveProperty(id);
    expect(adminGroups).toContain(group);
    expect(permission).toMatch(/^[a-z_]+\.[a-z_]+$/);
  }
});

it("shows nobody a page without its permission", () => {
  expect(permittedPages(me.permissions)).toEqual([]);
  expect(permittedPages(["block.manage"]).map(({ id }) => id)).toEqual(["blocks"]);
});

it("loads every page", async () => {
  for (const { id, load } of adminPages) expect(typeof (await load()), id).toBe("function");
});
