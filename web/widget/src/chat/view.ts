import type { Language, Link } from "../bridge";
import type { VisitorConversation, VisitorMessage, VisitorSite } from "../protocol";
import type { Pending } from "./outbox";
import type { Words } from "./words/catalogue";

/** Everything the screen shows. A new object after each change. */
export interface View {
  open: boolean;
  link: Link;
  language: Language;
  words: Words;
  stage: "loading" | "failed" | "form" | "contact" | "talk";
  site: VisitorSite | null;
  conversation: VisitorConversation | null;
  messages: readonly VisitorMessage[];
  pending: readonly Pending[];
  /** The agent who is typing. */
  typing: string | null;
  /** How many of the agent's messages the visitor has not seen. */
  unread: number;
  /** A refusal to show beside the typing field or the form. */
  notice: string | null;
  /** Refusals of single fields of the form, by the field's name. */
  fieldErrors: Readonly<Record<string, string>>;
  /** A command is on its way. */
  busy: boolean;
  /** What an agent or a rule said before the chat was opened: who, title, text. */
  said: readonly string[] | null;
}

export interface Answers {
  name: string;
  email: string;
  department: string;
  text: string;
}
