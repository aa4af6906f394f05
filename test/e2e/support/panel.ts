import { expect, type Locator, type Page } from "@playwright/test";
import { type Language, pattern, say, words } from "./words.ts";

/** The agent's panel, as an agent sees it. */
export class Panel {
  private readonly said;
  readonly grid: Locator;
  readonly next: Locator;
  /** The conversation window below the grid. */
  readonly window: Locator;
  readonly log: Locator;
  readonly field: Locator;

  constructor(
    readonly page: Page,
    private readonly origin: string,
    language: Language,
  ) {
    this.said = words[language].panel;
    this.grid = page.getByRole("grid", { name: this.said.grid.label });
    this.next = page.getByRole("button", { name: new RegExp(`^${this.said.toolbar.next}`) });
    this.window = page.getByRole("region", { name: this.said.conversation.window });
    this.log = this.window.getByRole("log", { name: this.said.conversation.messages });
    const { write, internal_full } = this.said.conversation;
    this.field = this.window.getByRole("textbox", { name: new RegExp(`^(${write}|${internal_full})$`) });
  }

  async signIn(login: string, password: string): Promise<void> {
    await this.fillSignIn(login, password);
    await expect(this.grid).toBeVisible();
  }

  async fillSignIn(login: string, password: string): Promise<void> {
    await this.page.goto(this.origin);
    await this.page.getByRole("textbox", { name: this.said.session.login }).fill(login);
    await this.page.getByRole("textbox", { name: this.said.session.password }).fill(password);
    await this.page.getByRole("button", { name: this.said.session.sign_in }).click();
  }

  /** Chooses what the agent wishes to be. */
  async setStatus(status: "online" | "busy" | "offline"): Promise<void> {
    const { change_status, status: names } = this.said.session;
    await this.page.getByRole("button", { name: new RegExp(change_status.replace("{{status}}", ".+")) }).click();
    await this.page.getByRole("menuitemradio", { name: new RegExp(`^${names[status]}`) }).click();
  }

  /** The visitors' names in the grid, from above. */
  async names(): Promise<string[]> {
    return await this.grid
      .locator("[role=row]:has([role=gridcell])")
      .evaluateAll((rows) =>
        rows
          .toSorted((a, b) => Number(a.ariaRowIndex) - Number(b.ariaRowIndex))
          .map((row) => row.querySelectorAll<HTMLElement>("[role=gridcell]")[1]?.innerText ?? ""),
      );
  }

  async sortBy(column: keyof (typeof words)["pt"]["panel"]["grid"]["cols"]): Promise<void> {
    await this.grid.getByRole("columnheader").getByText(this.said.grid.cols[column], { exact: true }).click();
  }

  async search(text: string): Promise<void> {
    await this.page.getByRole("searchbox", { name: this.said.grid.search }).fill(text);
  }

  /** The rows of the grid that show a text. */
  row(text: string | RegExp): Locator {
    return this.grid.getByRole("row").filter({ hasText: text });
  }

  /** Waits until the button counts that many. */
  async expectWaiting(count: number): Promise<void> {
    await expect(this.next).toHaveAccessibleName(say(this.said.toolbar.next_waiting, { n: count }));
  }

  async expectActive(count: number): Promise<void> {
    await expect(this.page.getByTestId("counter-active")).toHaveText(String(count));
  }

  async expectFinished(finished: number, abandoned: number): Promise<void> {
    await expect(this.page.getByTestId("counter-finished")).toHaveText(String(finished));
    await expect(this.page.getByTestId("counter-abandoned")).toHaveText(String(abandoned));
  }

  tab(name: string): Locator {
    return this.window.getByTestId("conversation-tab").filter({ hasText: name });
  }

  async say(text: string): Promise<void> {
    await this.field.fill(text);
    await this.field.press("Enter");
  }

  async note(text: string): Promise<void> {
    const toggle = this.window.getByRole("button", { name: this.said.conversation.internal_full });
    await toggle.click();
    await this.say(text);
    await expect(this.message(text)).toBeVisible();
    await toggle.click();
  }

  /** The bubble of a message that the server has confirmed. */
  message(text: string): Locator {
    return this.log
      .getByRole("article")
      .filter({ hasText: text })
      .filter({ has: this.page.locator("time") });
  }

  /** Chooses something from the menu of a message. */
  async choose(text: string, item: string): Promise<void> {
    const bubble = this.message(text).first(); // a quoting one holds the text too
    await bubble.hover();
    await bubble.getByRole("button", { name: this.said.message.menu }).click();
    await this.page.getByRole("menuitem", { name: item, exact: true }).click();
  }

  async attach(file: { name: string; mimeType: string; buffer: Buffer }): Promise<void> {
    const chooser = this.page.waitForEvent("filechooser");
    await this.window.getByRole("button", { name: this.said.conversation.attach }).click();
    await (await chooser).setFiles(file);
    await this.window.getByRole("button", { name: this.said.conversation.send, exact: true }).click();
  }

  download(name: string): Locator {
    return this.log.getByRole("link").filter({ hasText: name });
  }

  async end(): Promise<void> {
    await this.window.getByRole("button", { name: this.said.conversation.end_full }).click();
    await this.page
      .getByRole("dialog", { name: this.said.conversation.end_title })
      .getByRole("button", { name: this.said.conversation.end_full })
      .click();
  }

  /** Presses the button, whether or not the panel thinks it may be pressed. */
  async pressNext(): Promise<void> {
    await this.next.click({ force: true });
  }

  /** Presses the tab's ×, also when it is marked as refused. */
  async closeTab(): Promise<void> {
    await this.window.getByRole("button", { name: pattern(this.said.conversation.close_tab) }).click({ force: true });
  }

  /** The × was refused, and the panel says why. */
  async expectRefusedToClose(): Promise<void> {
    const notice = this.page.getByRole("status").filter({ hasText: this.said.conversation.close_refused_title });
    await expect(notice).toBeVisible();
  }
}
