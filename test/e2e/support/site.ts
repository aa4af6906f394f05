import { expect } from "@playwright/test";
import type { Server } from "./server.ts";

/** The administration of the demo's site by the API, as its screen does it. */
export class SiteAdmin {
  private constructor(
    private readonly origin: string,
    private readonly cookie: string,
    readonly id: string,
    readonly key: string,
    private settings: Record<string, unknown>,
  ) {}

  static async of(server: Server, password: string): Promise<SiteAdmin> {
    // The demo is ready before its people are.
    let signedIn: Response | undefined;
    await expect(async () => {
      signedIn = await fetch(`${server.origin}/api/session`, {
        method: "POST",
        headers: { "Content-Type": "application/json" },
        body: JSON.stringify({ login: "admin", password }),
      });
      expect(signedIn.status).toBe(200);
    }).toPass({ intervals: [200] });
    if (!signedIn) throw new Error("not signed in");
    const cookie = signedIn.headers
      .getSetCookie()
      .map((line) => line.split(";")[0])
      .join("; ");
    const answer = await fetch(`${server.origin}/api/sites`, { headers: { Cookie: cookie } });
    const { sites } = (await answer.json()) as {
      sites: { id: string; key: string; settings: Record<string, unknown> }[];
    };
    const [site] = sites;
    if (!site) throw new Error("the demo has no site");
    return new SiteAdmin(server.origin, cookie, site.id, site.key, site.settings);
  }

  /** Changes the site's settings; what is not named stays. */
  async look(changes: Record<string, unknown>): Promise<void> {
    this.settings = { ...this.settings, ...changes };
    await this.change({ settings: this.settings });
  }

  async change(body: Record<string, unknown>): Promise<void> {
    const answer = await fetch(`${this.origin}/api/sites/${this.id}`, {
      method: "PATCH",
      headers: { "Content-Type": "application/json", Cookie: this.cookie },
      body: JSON.stringify(body),
    });
    expect(answer.status, await answer.clone().text()).toBe(200);
  }

  theme(changes: Record<string, unknown>): Record<string, unknown> {
    return { ...(this.settings.theme as Record<string, unknown>), ...changes };
  }
}
