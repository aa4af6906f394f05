import type { Bridge } from "../bridge";
import type { Fields, Problem, VisitorConversation, VisitorMessage, VisitorSite } from "../protocol";

/** The server said no, with a code from its closed list and a text in the visitor's language. */
export class Refusal extends Error {
  constructor(
    readonly problem: Problem,
    /** Milliseconds after which the same may be tried again; 0 when a repetition is of no use. */
    readonly retryAfter: number,
  ) {
    super(problem.code);
  }
}

/** The server did not answer, or answered with a fault of its own: the same may be tried again. */
export class Unreachable extends Error {}

export interface Opening {
  client_id: string;
  department_id: string;
  name: string;
  email: string;
  fields: Fields;
  answers: Record<string, unknown>;
  text: string;
  /** The invite that is accepted with this. */
  outreach_id?: string | undefined;
}

export interface Page {
  conversation: VisitorConversation;
  messages: VisitorMessage[];
  more: boolean;
  /** Earlier messages that were changed after sending, as they are now. */
  changed?: VisitorMessage[];
}

/** What a visitor leaves when nobody attends. */
export interface ContactRequest {
  name: string;
  email: string;
  phone: string;
  subject: string;
  message: string;
  department_id: string;
}

/** The visitor's HTTP API: docs/protocols.md, section 3. Every call rejects with Refusal or Unreachable. */
export interface Api {
  site(): Promise<VisitorSite>;
  open(opening: Opening): Promise<VisitorConversation>;
  /** What came after the given sequence; `more` says that the page was not the last. */
  after(conversation: string, sequence: number): Promise<Page>;
  post(conversation: string, clientId: string, text: string): Promise<VisitorMessage>;
  postFile(conversation: string, clientId: string, file: File): Promise<VisitorMessage>;
  /** Sets the visitor's reaction to a message; the empty one takes it back. */
  react(conversation: string, sequence: number, emoji: string): Promise<VisitorMessage>;
  end(conversation: string): Promise<VisitorConversation>;
  leave(clientId: string, contact: ContactRequest & { answers: Record<string, unknown> }): Promise<unknown>;
  rate(
    conversation: string,
    rating: number,
    comment: string,
    answers: Record<string, unknown>,
  ): Promise<VisitorConversation>;
  /** Has the conversation sent by e-mail, and tells where to. */
  transcript(conversation: string): Promise<Receipt>;
  /** Has it sent to whom the code came. */
  confirmTranscript(conversation: string, code: string): Promise<Receipt>;
}

/** Where a conversation goes by e-mail, or the code that it takes first. */
export interface Receipt {
  email: string;
  code_sent: boolean;
}

const answerWithin = 20_000;
const uploadWithin = 120_000;
const askAgainAfter = 2000;

export function createApi(bridge: Bridge): Api {
  async function call<T>(method: "GET" | "POST", path: string, body?: object): Promise<T> {
    const token = bridge.token();
    if (!token) throw new Unreachable("no token yet");
    const headers: Record<string, string> = { Authorization: `Bearer ${token}`, "Accept-Language": bridge.language() };
    const upload = body instanceof FormData;
    if (body && !upload) headers["Content-Type"] = "application/json";
    const controller = new AbortController();
    const late = setTimeout(() => controller.abort(), upload ? uploadWithin : answerWithin);
    try {
      const response = await fetch(`${bridge.base}/v/${path}`, {
        method,
        headers,
        body: upload ? body : body ? JSON.stringify(body) : null,
        credentials: "omit",
        signal: controller.signal,
      });
      if (response.ok) return (await response.json()) as T;
      throw await refusal(response, () => bridge.renew());
    } catch (error) {
      throw error instanceof Refusal || error instanceof Unreachable ? error : new Unreachable(String(error));
    } finally {
      clearTimeout(late);
    }
  }

  const of = (conversation: string) => `conversations/${encodeURIComponent(conversation)}`;
  return {
    site: () => call("GET", `site?k=${encodeURIComponent(bridge.key)}`),
    open: (opening) => call("POST", "conversations", opening),
    after: (conversation, sequence) => call("GET", `${of(conversation)}?after=${sequence}`),
    post: (conversation, clientId, text) => call("POST", `${of(conversation)}/messages`, { client_id: clientId, text }),
    postFile(conversation, clientId, file) {
      const form = new FormData();
      form.append("client_id", clientId);
      form.append("file", file, file.name);
      return call("POST", `${of(conversation)}/files`, form);
    },
    react: (conversation, sequence, emoji) =>
      call("POST", `${of(conversation)}/messages/${sequence}/reaction`, { emoji }),
    end: (conversation) => call("POST", `${of(conversation)}/end`, {}),
    leave: (clientId, contact) => call("POST", "contacts", { client_id: clientId, ...contact }),
    rate: (conversation, rating, comment, answers) =>
      call("POST", `${of(conversation)}/survey`, { rating, comment, answers }),
    transcript: (conversation) => call("POST", `${of(conversation)}/transcript`, {}),
    confirmTranscript: (conversation, code) =>
      call("POST", `${of(conversation)}/transcript/confirmation`, { code: code.trim() }),
  };
}

/** What a failed answer means. A token that the server does not know any more is dropped: the next hello brings another. */
async function refusal(response: Response, renew: () => void): Promise<Error> {
  const { status } = response;
  if (status === 401) renew();
  const problem = (await response.json().catch(() => null)) as Problem | null;
  const busy = problem?.code === "overloaded"; // the server's own word, unlike a proxy's 503
  if (status === 401 || (status >= 500 && status !== 501 && !busy) || !problem?.code)
    return new Unreachable(`status ${status}`);
  const seconds = Number(response.headers.get("Retry-After"));
  return new Refusal(problem, status === 429 || busy ? seconds * 1000 || askAgainAfter : 0);
}
