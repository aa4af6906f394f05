import { MantineProvider } from "@mantine/core";
import { QueryClientProvider } from "@tanstack/react-query";
import { RouterProvider } from "@tanstack/react-router";
import { render, screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import i18next from "i18next";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { startTranslation } from "@/app/i18n/index.ts";
import { queryClient } from "@/app/query.ts";
import { router } from "@/app/router.tsx";

const refusal = { code: "bad_credentials", detail: "Login ou senha incorretos." };

beforeEach(async () => {
  if (!i18next.isInitialized) await startTranslation("pt");
  queryClient.clear();
});
afterEach(() => vi.unstubAllGlobals());

it("says why the session ended, and refuses wrong data in the server's words", async () => {
  const posts: unknown[] = [];
  vi.stubGlobal("fetch", async (url: string, init?: RequestInit) => {
    if (url === "/api/setup") return Response.json({ needed: false });
    if (init?.method === "POST") posts.push(JSON.parse(String(init.body)));
    return Response.json(init?.method === "POST" ? refusal : { code: "not_authenticated", detail: "" }, {
      status: 401,
    });
  });
  await router.navigate({ to: "/sign-in", search: { reason: "replaced" } });
  render(
    <MantineProvider env="test">
      <QueryClientProvider client={queryClient}>
        <RouterProvider router={router} />
      </QueryClientProvider>
    </MantineProvider>,
  );
  expect(await screen.findByText(/aberta em outro lugar/)).toBeTruthy();
  const user = userEvent.setup();
  await user.click(screen.getByRole("button", { name: "Entrar" }));
  expect(screen.getAllByText("Preencha este campo.")).toHaveLength(2);
  expect(posts).toEqual([]);
  await user.type(screen.getByLabelText("Login"), " ana ");
  await user.type(screen.getByLabelText("Senha"), "errada{Enter}");
  expect(await screen.findByText(refusal.detail)).toBeTruthy();
  expect(posts).toEqual([{ login: "ana", password: "errada" }]);
  expect(screen.getByLabelText<HTMLInputElement>("Senha").value).toBe("");
});
