import { expect, type Locator, type Page } from "@playwright/test";
import { type Language, pattern, say, words } from "./words.ts";

/** What a visitor fills in before the conversation. */
export interface Introduction {
  name: string;
  email: string;
  department?: string;
  text?: string;
}

/** The chat on a page, as a visitor sees it. */
export class Widget {
  private readonly said;
  readonly launcher: Locator;
  readonly dialog: Locator;
  readonly log: Locator;
  readonly field: Locator;

  constructor(
    readonly page: Page,
    language: Language,
  ) {
    this.said = words[language].widget;
    const host = page.locator("aceno-chat");
    // Its name is what it says at the moment: the title of the chat, new messages, nobody attending.
    this.launcher = host.locator("button[aria-haspopup=dialog]");
    this.dialog = host.getByRole("dialog");
    this.log = this.dialog.getByRole("log", { name: this.said.log });
    this.field = this.dialog.getByRole("textbox", { name: this.said.write });
  }

  /** What a site does that knows its visitor. */
  async identify(who: { name: string; email: string }): Promise<void> {
    await this.page.evaluate((known) => {
      (window as unknown as { aceno(command: string, value: unknown): void }).aceno("identify", known);
    }, who);
  }

  async open(): Promise<void> {
    await this.launcher.click();
    await expect(this.dialog).toBeVisible();
  }

  /** Fills in the form and asks for contact. */
  async introduce(who: Introduction): Promise<void> {
    await this.dialog.getByRole("textbox", { name: this.said.name }).fill(who.name);
    await this.dialog.getByRole("textbox", { name: this.said.email }).fill(who.email);
    if (who.department) {
      await this.dialog.getByRole("radio", { name: new RegExp(`^${who.department}`) }).check();
    }
    if (who.text) {
      await this.dialog.getByRole("textbox", { name: this.said.first_message }).fill(who.text);
    }
    await this.dialog.getByRole("button", { name: this.said.start }).click();
  }

  /** Waits until the place in the queue is shown. */
  async expectPosition(position: number): Promise<void> {
    const text = position === 1 ? this.said.waiting_next : say(this.said.waiting_position, { position });
    await expect(this.dialog.getByText(text, { exact: true })).toBeVisible();
  }

  async say(text: string): Promise<void> {
    await this.field.fill(text);
    await this.field.press("Enter");
  }

  /** The bubble of a message, whoever wrote it. Only those that the server has confirmed. */
  message(text: string): Locator {
    return this.log
      .getByRole("article")
      .filter({ hasText: text })
      .filter({ has: this.page.locator("time") });
  }

  async attach(file: { name: string; mimeType: string; buffer: Buffer }): Promise<void> {
    const chooser = this.page.waitForEvent("filechooser");
    await this.dialog.getByRole("button", { name: pattern(this.said.attach) }).click();
    await (await chooser).setFiles(file);
  }

  download(name: string): Locator {
    return this.log.getByRole("link", { name: say(this.said.download, { name }) });
  }

  async end(): Promise<void> {
    await this.dialog.getByRole("button", { name: this.said.end, exact: true }).click();
    await this.dialog.getByRole("button", { name: this.said.end_yes, exact: true }).click();
  }

  async leaveQueue(): Promise<void> {
    await this.dialog.getByRole("button", { name: this.said.leave, exact: true }).click();
    await this.dialog.getByRole("alertdialog").getByRole("button", { name: this.said.leave, exact: true }).click();
  }

  async expectEnded(): Promise<void> {
    await expect(this.dialog.getByRole("heading", { name: this.said.ended_title })).toBeVisible();
  }

  /** The texts of all messages shown, in order, without the system's. */
  async texts(): Promise<string[]> {
    return this.log.getByRole("article").locator(".text").allInnerTexts();
  }
}
