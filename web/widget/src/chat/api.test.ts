import { afterEach, describe, expect, it, vi } from "vitest";
import { fakeBridge } from "../../test/fakes";
import { createApi, Refusal, Unreachable } from "./api";

afterEach(() => vi.unstubAllGlobals());

function setUp(status: number, body: unknown, headers: Record<string, string> = {}) {
  const requests: { url: string; init: RequestInit }[] = [];
  vi.stubGlobal("fetch", async (url: string, init: RequestInit) => {
    requests.push({ url, init });
    return new Response(typeof body === "string" ? body : JSON.stringify(body), { status, headers });
  });
  const bridge = fakeBridge();
  const renewed = vi.spyOn(bridge, "renew");
  return { api: createApi(bridge), bridge, requests, renewed };
}

describe("calls", () => {
  it("carry the token and the language, and no cookies", async () => {
    const { api, requests } = setUp(200, { id: "m1" });
    await api.post("c/1", "x1", "olá");
    expect(requests[0]?.url).toBe("https://chat.example/v/conversations/c%2F1/messages");
    expect(requests[0]?.init).toMatchObject({
      method: "POST",
      credentials: "omit",
      body: '{"client_id":"x1","text":"olá"}',
      headers: { Authorization: "Bearer T1", "Accept-Language": "pt", "Content-Type": "application/json" },
    });
  });

  it("send files as forms, whose type the browser writes", async () => {
    const { api, requests } = setUp(200, {});
    await api.postFile("c1", "x1", new File(["abc"], "a.txt"));
    const body = requests[0]?.init.body as FormData;
    expect(body.get("client_id")).toBe("x1");
    expect((body.get("file") as File).name).toBe("a.txt");
    expect(requests[0]?.init.headers).not.toHaveProperty("Content-Type");
  });

  it("wait for a token", async () => {
    const { api, bridge, requests } = setUp(200, {});
    bridge.token = () => null;
    await expect(api.site()).rejects.toBeInstanceOf(Unreachable);
    expect(requests).toHaveLength(0);
  });
});

describe("failures", () => {
  it("are refusals when the server gives its reason", async () => {
    const { api } = setUp(409, { status: 409, code: "department_unattended", detail: "Ninguém." });
    await expect(api.site()).rejects.toMatchObject({ problem: { code: "department_unattended" }, retryAfter: 0 });
  });

  it("say when to come back", async () => {
    const { api } = setUp(429, { status: 429, code: "rate_limited", detail: "" }, { "Retry-After": "7" });
    await expect(api.site()).rejects.toMatchObject({ retryAfter: 7000 });
  });

  it("tell that many are arriving, and when to come back", async () => {
    const { api } = setUp(503, { status: 503, code: "overloaded", detail: "Muita gente." }, { "Retry-After": "3" });
    await expect(api.site()).rejects.toMatchObject({ problem: { code: "overloaded" }, retryAfter: 3000 });
  });

  it.each([500, 502, 503])("of the server's own (%i) may be tried again", async (status) => {
    const { api } = setUp(status, { status, code: "internal", detail: "" });
    await expect(api.site()).rejects.toBeInstanceOf(Unreachable);
  });

  it("without a problem document may be a proxy's: tried again", async () => {
    const { api } = setUp(404, "<html>");
    await expect(api.site()).rejects.toBeInstanceOf(Unreachable);
  });

  it("of the network may be tried again", async () => {
    const { api } = setUp(200, {});
    vi.stubGlobal("fetch", () => Promise.reject(new TypeError("Failed to fetch")));
    await expect(api.site()).rejects.toBeInstanceOf(Unreachable);
  });

  it("drop a token that is not known any more", async () => {
    const { api, renewed } = setUp(401, { status: 401, code: "visitor_unknown", detail: "" });
    const failure = api.site();
    await expect(failure).rejects.not.toBeInstanceOf(Refusal);
    expect(renewed).toHaveBeenCalledOnce();
  });
});
