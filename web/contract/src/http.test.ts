import { describe, expect, it, vi } from "vitest";
import { createHttp, NetworkError, newKey, Problem } from "./index.ts";

function answering(status: number, body: string, headers: Record<string, string> = {}) {
  return vi.fn<typeof fetch>(async () => new Response(status === 204 ? null : body, { status, headers }));
}

describe("request", () => {
  it("sends the interface's language, the key and the query", async () => {
    const fetch = answering(200, '{"ok":true}');
    const http = createHttp({ language: () => "es", fetch });
    await http.request("POST", "/api/x", { body: { a: 1 }, idempotencyKey: "k", query: { after: 3, before: null } });
    const [url, init] = fetch.mock.calls[0] ?? [];
    expect(url).toBe("/api/x?after=3");
    expect(init?.headers).toMatchObject({ "Accept-Language": "es", "Idempotency-Key": "k" });
    expect(init?.body).toBe('{"a":1}');
  });

  it("answers undefined to an empty body", async () => {
    const http = createHttp({ language: () => "pt", fetch: answering(204, "") });
    expect(await http.request("DELETE", "/api/session")).toBeUndefined();
  });

  it("throws the problem with code, fields and request id", async () => {
    const body = JSON.stringify({
      code: "validation",
      detail: "Há campos inválidos.",
      fields: [{ field: "text", code: "too_long", detail: "…", limit: 5000 }],
    });
    const http = createHttp({ language: () => "pt", fetch: answering(422, body, { "X-Request-Id": "r1" }) });
    const error = await http.request("POST", "/api/x").catch((e: unknown) => e);
    expect(error).toBeInstanceOf(Problem);
    expect(error).toMatchObject({ code: "validation", status: 422, requestId: "r1", transient: false });
    expect((error as Problem).field("text")?.limit).toBe(5000);
  });

  it("makes a problem of a proxy's page and knows it is transient", async () => {
    const http = createHttp({ language: () => "pt", fetch: answering(502, "<html>Bad gateway") });
    const error = await http.request("GET", "/api/x").catch((e: unknown) => e);
    expect(error).toMatchObject({ code: "unexpected", transient: true });
  });

  it("tells a lost connection from a refusal", async () => {
    const fetch = vi.fn<typeof globalThis.fetch>(async () => {
      throw new TypeError("Failed to fetch");
    });
    const http = createHttp({ language: () => "pt", fetch });
    await expect(http.request("GET", "/api/x")).rejects.toBeInstanceOf(NetworkError);
  });

  it("reports a lost session", async () => {
    const onUnauthenticated = vi.fn();
    const http = createHttp({ language: () => "pt", fetch: answering(401, "{}"), onUnauthenticated });
    await expect(http.request("GET", "/api/x")).rejects.toBeInstanceOf(Problem);
    expect(onUnauthenticated).toHaveBeenCalledOnce();
  });
});

describe("newKey", () => {
  it("makes distinct version 4 identifiers", () => {
    const keys = new Set(Array.from({ length: 100 }, newKey));
    expect(keys.size).toBe(100);
    for (const key of keys)
      expect(key).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  });
});
