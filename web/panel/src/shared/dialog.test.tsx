import { screen, waitFor } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { useState } from "react";
import { expect, it } from "vitest";
import { renderPanel } from "@/app/testing-panel.tsx";
import { Dialog } from "./dialog.tsx";

/** A button that opens a dialog, whose button opens another one and goes. */
function Scene() {
  const [open, setOpen] = useState(0);
  return (
    <>
      <button type="button" onClick={() => setOpen(1)}>
        first
      </button>
      {open > 0 && (
        <Dialog title="Below" onClose={() => setOpen(0)}>
          {open === 1 && (
            <button type="button" onClick={() => setOpen(2)}>
              second
            </button>
          )}
          {open === 2 && (
            <Dialog title="Above" onClose={() => setOpen(3)}>
              above
            </Dialog>
          )}
        </Dialog>
      )}
    </>
  );
}

it("gives the focus back to what opened it, and to the dialog below when that is gone", async () => {
  await renderPanel(<Scene />);
  const first = screen.getByRole("button", { name: "first" });
  await userEvent.click(first);
  await userEvent.click(await screen.findByRole("button", { name: "second" }));
  await screen.findByRole("dialog", { name: "Above" });
  await userEvent.keyboard("{Escape}");
  await waitFor(() => expect(document.activeElement).toBe(screen.getByRole("dialog", { name: "Below" })));
  await userEvent.keyboard("{Escape}");
  await waitFor(() => expect(document.activeElement).toBe(first));
});
