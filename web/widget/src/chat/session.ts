import type { Bridge, Signal } from "../bridge";
import { newId } from "../loader/safe";
import type { FormKind, SiteWords, VisitorConversation, VisitorMessage } from "../protocol";
import { type Api, type ContactRequest, type Receipt, Refusal } from "./api";
import { checkFile } from "./files";
import { Outbox, type Pending } from "./outbox";
import { isOpen, later } from "./progress";
import { SneakPeek } from "./sneak-peek";
import { cleanText, countCharacters, showSize } from "./text";
import { Timeline } from "./timeline";
import type { Answers, View } from "./view";
import { catalogues, say, tags } from "./words/catalogue";

/** What the session needs of its surroundings; tests bring their own. */
export interface Surroundings {
  ring(conversation: string, sequence: number): void;
  /** Whether the visitor can see the page. */
  visible(): boolean;
}

/** While somebody talks, the line is checked this often: a dead connection can look alive for minutes. */
const checkEvery = 45_000;
/** An agent's typing mark goes out by itself if its end got lost. */
const typingLasts = 8000;
const askAgainFirst = 1500;
const askAgainLast = 20_000;

/**
 * One visitor's chat in one tab: what the server said, what the visitor did, and what becomes of it on the screen.
 * Facts come by frames, gaps are filled by asking after the last sequence, own messages go through the outbox.
 */
export class Session {
  #view: View;
  #timeline = new Timeline();
  #seen = 0;
  #readers = new Set<() => void>();
  #asking: Promise<void> | undefined;
  #askAgain = false;
  #askDelay = askAgainFirst;
  #retry: ReturnType<typeof setTimeout> | undefined;
  #check: ReturnType<typeof setInterval> | undefined;
  #typingEnds: ReturnType<typeof setTimeout> | undefined;
  #opening = newId();
  /** What was filled in and not yet sent: closing the chat must not lose it. */
  answers: Answers | undefined;
  contact: ContactRequest | undefined;
  /** Answers to the account's own questions. */
  readonly given: Record<FormKind, Record<string, unknown>> = { identification: {}, contact: {}, survey: {} };
  #leaving = newId();
  readonly #outbox: Outbox;
  readonly #peek = new SneakPeek((text) => {
    const { conversation } = this.#view;
    if (conversation) this.bridge.send({ t: "typing", conversation: conversation.id, text });
  });

  constructor(
    private readonly bridge: Bridge,
    private readonly api: Api,
    private readonly around: Surroundings,
  ) {
    const language = bridge.language();
    this.#outbox = new Outbox({
      store: bridge.session,
      deliver: ({ conversation, client_id, text, file }) =>
        file ? api.postFile(conversation, client_id, file) : api.post(conversation, client_id, text),
      delivered: (pending, message) => this.#took(pending.conversation, message),
      changed: () => this.#set({ pending: this.#mine() }),
    });
    this.#view = {
      open: bridge.isOpen(),
      link: bridge.link(),
      language,
      words: catalogues[language],
      stage: "loading",
      site: null,
      conversation: null,
      messages: [],
      pending: [],
      typing: null,
      unread: 0,
      notice: null,
      fieldErrors: {},
      busy: false,
      said: this.#said(),
    };
    bridge.listen((signal) => this.#hear(signal));
    if (bridge.link() === "open") this.refresh();
  }

  get view(): View {
    return this.#view;
  }

  subscribe(reader: () => void): () => void {
    this.#readers.add(reader);
    return () => this.#readers.delete(reader);
  }

  /** Asks the server for the present state and everything that was missed. Calls during a running one lead to one more. */
  refresh(): void {
    if (this.#asking) {
      this.#askAgain = true;
      return;
    }
    clearTimeout(this.#retry);
    this.#asking = this.#load()
      .then(
        () => {
          this.#askDelay = askAgainFirst;
        },
        (error: unknown) => this.#missed(error),
      )
      .finally(() => {
        this.#asking = undefined;
        if (this.#askAgain) {
          this.#askAgain = false;
          this.refresh();
        }
      });
  }

  /** Asks to be attended. Shows the refusal, if there is one, and keeps what was typed. */
  async start(answers: Answers): Promise<void> {
    if (this.#view.busy) return;
    this.#set({ busy: true, notice: null, fieldErrors: {} });
    try {
      const conversation = await this.api.open({
        client_id: this.#opening,
        department_id: answers.department,
        name: answers.name,
        email: answers.email,
        fields: this.bridge.context.fields,
        answers: this.given.identification,
        text: cleanText(answers.text),
        outreach_id: this.bridge.session.get("invite") ?? undefined,
      });
      this.bridge.session.set("invite", null);
      this.bridge.session.set("said", null);
      this.#set({ said: null });
      this.#opening = newId();
      this.answers = undefined;
      this.#adopt(conversation);
      this.refresh();
    } catch (error) {
      this.#refused(error);
      // Who attends, and until when, is not as it was: look again.
      if (error instanceof Refusal && /^department_/.test(error.problem.code)) this.refresh();
    }
    this.#set({ busy: false });
  }

  /** Sends a text; false, with a notice, when it can't be sent as it is. */
  say(text: string): boolean {
    const { conversation, site, words } = this.#view;
    const clean = cleanText(text);
    if (!conversation || !clean) return false;
    const limit = site?.limits.text ?? Number.POSITIVE_INFINITY;
    if (countCharacters(clean) > limit) {
      this.#set({ notice: say(words, "text_too_long", { limit }) });
      return false;
    }
    this.#set({ notice: null });
    this.typed("");
    this.#outbox.add({ client_id: newId(), conversation: conversation.id, text: clean, at: Date.now() });
    return true;
  }

  /** Sends files, each as a message of its own; the ones that can't be sent are named in the notice. */
  attach(files: Iterable<File>): void {
    const { conversation, site, words, language } = this.#view;
    if (!conversation || !site) return;
    const refused: string[] = [];
    for (const file of files) {
      const fault = checkFile(file, site.limits);
      if (fault)
        refused.push(say(words, fault, { name: file.name, size: showSize(site.limits.file_bytes, tags[language]) }));
      else this.#outbox.add({ client_id: newId(), conversation: conversation.id, text: "", file, at: Date.now() });
    }
    this.#set({ notice: refused.join(" ") || null });
  }

  retry(clientId: string): void {
    this.#outbox.retry(clientId);
  }

  discard(clientId: string): void {
    this.#outbox.drop(clientId);
  }

  /** Ends the conversation, or leaves the queue. */
  async end(): Promise<void> {
    const { conversation, busy } = this.#view;
    if (!conversation || busy) return;
    this.#set({ busy: true, notice: null });
    try {
      this.#adopt(await this.api.end(conversation.id));
    } catch (error) {
      this.#refused(error);
    }
    this.#set({ busy: false });
    this.refresh();
  }

  /** Leaves a contact request; false, with a notice, when it was refused. */
  async leave(contact: ContactRequest): Promise<boolean> {
    const done = await this.#command(() => this.api.leave(this.#leaving, { ...contact, answers: this.given.contact }));
    if (!done) return false;
    this.#leaving = newId();
    this.contact = undefined;
    return true;
  }

  /** Leaves a message in place of a talk: gives up waiting, or does not begin. */
  async leaveInstead(): Promise<void> {
    if (this.#view.conversation) {
      await this.end();
      if (this.#view.notice) return;
    }
    this.restart();
    this.#set({ stage: "contact", notice: null });
  }

  /** Answers the survey. */
  async rate(rating: number, comment: string): Promise<void> {
    const { conversation } = this.#view;
    if (!conversation) return;
    await this.#command(async () =>
      this.#adopt(await this.api.rate(conversation.id, rating, comment, this.given.survey)),
    );
  }

  /** Sets or takes back the visitor's reaction to a message. */
  async react(sequence: number, emoji: string): Promise<void> {
    const { conversation } = this.#view;
    if (conversation)
      await this.#command(async () => this.#renew([await this.api.react(conversation.id, sequence, emoji)]));
  }

  /**
   * Has the conversation sent by e-mail, with the code that came there if one did; returns where to, or nothing, with a
   * notice, when it was refused.
   */
  async transcript(code?: string): Promise<Receipt | undefined> {
    const { conversation } = this.#view;
    let receipt: Receipt | undefined;
    if (conversation)
      await this.#command(async () => {
        receipt = await (code
          ? this.api.confirmTranscript(conversation.id, code)
          : this.api.transcript(conversation.id));
      });
    return receipt;
  }

  /** Runs one command at a time; false, with a notice, when it was refused. */
  async #command(run: () => Promise<unknown>): Promise<boolean> {
    if (this.#view.busy) return false;
    let done = true;
    this.#set({ busy: true, notice: null, fieldErrors: {} });
    try {
      await run();
    } catch (error) {
      this.#refused(error);
      done = false;
    }
    this.#set({ busy: false });
    return done;
  }

  /** Puts an ended conversation away and begins anew. */
  restart(): void {
    for (const item of this.#mine()) this.#outbox.drop(item.client_id);
    this.bridge.session.set("conversation", null);
    this.#forget();
    this.#set({ stage: this.#view.site ? "form" : "loading" });
    this.refresh();
  }

  /** Tells the agent what is being typed; the empty text when it stopped. */
  typed(text: string): void {
    this.#peek.typed(text);
  }

  /** Tells the server how far the visitor has read, when the messages can be seen. */
  look(): void {
    const { open, conversation } = this.#view;
    if (!open || !conversation || !this.around.visible()) return;
    const { last } = this.#timeline;
    if (last > this.#seen && this.bridge.send({ t: "seen", conversation: conversation.id, sequence: last })) {
      this.#seen = last;
      this.bridge.local.set("seen", `${conversation.id}:${last}`);
    }
    this.#count();
  }

  /** Another tab of this site has read further. */
  readElsewhere(): void {
    this.#seen = Math.max(this.#seen, this.#storedSeen());
    this.#count();
  }

  /** The visitor is back on this page: what was missed meanwhile is fetched, what can be seen now is read. */
  wake(): void {
    if (this.#view.conversation) this.refresh();
    this.look();
  }

  /** What is known of the visitor, by the site's commands first, then from earlier. */
  told(): { name: string; email: string; department: string } {
    const { name, email, department } = this.bridge.context;
    const before = this.#view.site?.visitor;
    return { name: name || before?.name || "", email: email || before?.email || "", department };
  }

  /** The site has told this already: it is not asked again. */
  knows(kind: FormKind, field: string): boolean {
    return kind === "identification" && this.bridge.context.fields[field] !== undefined;
  }

  /** The site's own word for something, empty where the product's stands. */
  own(word: keyof SiteWords): string {
    return this.#view.site?.words?.[this.#view.language]?.[word] ?? "";
  }

  /** The whole address of something the server named. */
  readonly address = (url: string): string => (/^https?:/.test(url) ? url : this.bridge.base + url);

  #said(): string[] | null {
    return JSON.parse(this.bridge.session.get("said") ?? "null");
  }

  /** Removes the notice. */
  dismiss(): void {
    this.#set({ notice: null });
  }

  #hear(signal: Signal): void {
    switch (signal.t) {
      case "link":
        this.#set({ link: signal.link });
        this.look();
        break;
      case "show":
        this.#set({ open: signal.open });
        if (signal.open) this.refresh();
        this.look();
        break;
      case "context": {
        const language = this.bridge.language();
        this.#set({ language, words: catalogues[language], said: this.#said() });
        break;
      }
      case "welcome":
        this.refresh();
        this.#outbox.wake();
        break;
      case "online":
        if (this.#view.stage === "form") this.refresh();
        break;
      case "conversation":
        this.#pushed(signal.conversation);
        break;
      case "message":
        this.#live(signal.conversation, signal.message);
        break;
      case "changed":
        if (signal.conversation === this.#view.conversation?.id) this.#renew([signal.message]);
        break;
      case "typing":
        if (signal.conversation === this.#view.conversation?.id) this.#agentTypes(signal.on ? signal.name : null);
        break;
      case "seen":
        this.#agentSaw(signal.conversation, signal.sequence);
        break;
    }
  }

  async #load(): Promise<void> {
    const site = await this.api.site();
    this.#set({ site });
    if (site.conversation) this.#adopt(site.conversation);
    const id = this.#view.conversation?.id ?? this.bridge.session.get("conversation");
    if (!id) {
      if (this.#view.stage !== "contact") this.#set({ stage: "form" });
      return;
    }
    const first = this.#timeline.last === 0;
    let more = true;
    while (more) {
      const page = await this.api.after(id, this.#timeline.last);
      // Put away meanwhile, or taken over by another one.
      if (this.bridge.session.get("conversation") !== id) return;
      this.#adopt(page.conversation);
      this.#renew(page.changed);
      const added = this.#append(page.messages);
      if (!first) this.#announce(added);
      more = page.more && added.length > 0;
    }
  }

  /** Loading failed: a conversation that is not ours any more is put away, everything else is tried again. */
  #missed(error: unknown): void {
    if (
      error instanceof Refusal &&
      error.problem.status === 404 &&
      (this.#view.conversation || this.bridge.session.get("conversation"))
    ) {
      this.restart();
      return;
    }
    if (this.#view.stage === "loading" || this.#view.stage === "failed") this.#set({ stage: "failed" });
    this.#retry = setTimeout(() => this.refresh(), this.#askDelay);
    this.#askDelay = Math.min(askAgainLast, this.#askDelay * 2);
  }

  /** A frame about a conversation: ours, or one that another tab has opened. */
  #pushed(conversation: VisitorConversation): void {
    const current = this.#view.conversation;
    if (current && current.id !== conversation.id && isOpen(current) && !isOpen(conversation)) return;
    this.#adopt(conversation);
    if (conversation.last_sequence > this.#timeline.last) this.refresh();
  }

  #adopt(conversation: VisitorConversation): void {
    const current = this.#view.conversation;
    if (current?.id !== conversation.id) {
      this.#forget();
      // Whoever asks for a talk asks that it goes on after a page change: in this tab, whatever else may be kept.
      if (isOpen(conversation)) this.bridge.session.keep(true);
      this.bridge.session.set("conversation", conversation.id);
      this.#set({ conversation, stage: "talk" });
      this.#seen = this.#storedSeen();
      this.#set({ pending: this.#mine() });
      this.#watch();
    } else {
      this.#set({ conversation: later(current, conversation), stage: "talk" });
    }
    const now = this.#view.conversation;
    if (current?.id !== now?.id || current?.state !== now?.state)
      this.bridge.emit("conversation", { number: now?.number, state: now?.state });
    if (!isOpen(conversation)) {
      this.#agentTypes(null);
      this.bridge.local.set("draft", null);
    }
  }

  #forget(): void {
    clearInterval(this.#check);
    this.#peek.reset();
    this.#timeline = new Timeline();
    this.#seen = 0;
    this.#set({ conversation: null, messages: [], pending: [], typing: null, notice: null, fieldErrors: {} });
    this.#count();
  }

  /** A confirmed message of ours. */
  #took(conversation: string, message: VisitorMessage): void {
    if (conversation !== this.#view.conversation?.id) return;
    this.#append([message]);
    if (this.#timeline.gap) this.refresh();
  }

  /** A message that was pushed. */
  #live(conversation: string, message: VisitorMessage): void {
    if (conversation !== this.#view.conversation?.id) {
      this.refresh();
      return;
    }
    if (message.author.kind === "agent") this.#agentTypes(null);
    this.#announce(this.#append([message]));
    if (this.#timeline.gap) this.refresh();
  }

  /** Takes what became of messages after they were sent. */
  #renew(copies: VisitorMessage[] = []): void {
    if (this.#timeline.renew(...copies)) this.#set({ messages: this.#timeline.messages });
  }

  #append(messages: VisitorMessage[]): VisitorMessage[] {
    const added = this.#timeline.accept(...messages);
    if (added.length) {
      this.#set({ messages: this.#timeline.messages });
      for (const message of added) if (message.client_id) this.#outbox.drop(message.client_id);
      this.look();
      this.#count();
    }
    return added;
  }

  /** Tone and callback for what is new to the visitor. */
  #announce(added: VisitorMessage[]): void {
    const conversation = this.#view.conversation?.id;
    if (!conversation) return;
    for (const message of added) {
      const joined = message.system?.key === "joined";
      if (message.author.kind === "agent" || joined) this.around.ring(conversation, message.sequence);
      if (!message.system)
        this.bridge.emit("message", { from: message.author.kind, text: message.text, at: message.at });
    }
  }

  /** While somebody talks, looks now and then whether the pushes still arrive; if one was missed, the line is dead. */
  #watch(): void {
    clearInterval(this.#check);
    this.#check = setInterval(() => {
      const { conversation, link } = this.#view;
      if (!conversation || !isOpen(conversation) || link !== "open" || !this.around.visible() || this.#asking) return;
      const { last } = this.#timeline;
      this.api.after(conversation.id, last).then(
        (page) => {
          if (page.conversation.last_sequence <= this.#timeline.last || this.#view.conversation?.id !== conversation.id)
            return;
          this.#announce(this.#append(page.messages));
          this.bridge.reconnect();
        },
        () => this.bridge.reconnect(),
      );
    }, checkEvery);
  }

  #agentTypes(name: string | null): void {
    clearTimeout(this.#typingEnds);
    if (name !== this.#view.typing) this.#set({ typing: name });
    if (name) this.#typingEnds = setTimeout(() => this.#set({ typing: null }), typingLasts);
  }

  #agentSaw(id: string, sequence: number): void {
    const { conversation } = this.#view;
    if (conversation?.id === id && sequence > conversation.agent_seen_sequence) {
      this.#set({ conversation: { ...conversation, agent_seen_sequence: sequence } });
    }
  }

  #storedSeen(): number {
    const [id, sequence] = (this.bridge.local.get("seen") ?? "").split(":");
    return id && id === this.#view.conversation?.id ? Number(sequence) || 0 : 0;
  }

  #count(): void {
    const unread = this.#timeline.messages.filter(
      (message) => message.sequence > this.#seen && message.author.kind === "agent",
    ).length;
    if (unread !== this.#view.unread) this.#set({ unread });
    this.bridge.unread(unread);
  }

  #mine(): readonly Pending[] {
    const id = this.#view.conversation?.id;
    return this.#outbox.items.filter((item) => item.conversation === id);
  }

  #refused(error: unknown): void {
    const { words } = this.#view;
    if (!(error instanceof Refusal)) {
      this.#set({ notice: words.error_network });
      return;
    }
    const fieldErrors: Record<string, string> = {};
    for (const { field, detail } of error.problem.fields ?? []) fieldErrors[field] = detail;
    const unattended = error.problem.code === "department_unattended";
    this.#set({
      fieldErrors,
      notice: unattended
        ? words.unattended_department
        : Object.keys(fieldErrors).length
          ? null
          : error.problem.detail || words.error_unknown,
    });
  }

  #set(change: Partial<View>): void {
    this.#view = { ...this.#view, ...change };
    for (const reader of this.#readers) reader();
  }
}
