// @vitest-environment jsdom
import { afterEach, expect, it, vi } from "vitest";
import { submitByHand } from "./submit";

afterEach(() => document.body.replaceChildren());

it("sends a form without the browser, by its own button alone", () => {
  document.body.innerHTML = `<div><form><input><button type="submit"><i>→</i></button><button type="button">x</button></form></div>`;
  const [frame, form] = [document.querySelector("div") as HTMLElement, document.querySelector("form") as HTMLElement];
  const submit = vi.fn();
  form.addEventListener("submit", submit);
  submitByHand(frame);
  const click = new MouseEvent("click", { bubbles: true, cancelable: true });
  document.querySelector("i")?.dispatchEvent(click);
  expect(click.defaultPrevented).toBe(true);
  expect(submit).toHaveBeenCalledOnce();
  document.querySelector<HTMLElement>("button[type=button]")?.click();
  expect(submit).toHaveBeenCalledOnce();
});
