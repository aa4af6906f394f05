/** What travels between the widget and the server: docs/protocols.md, section 3. Types only: nothing of this file is in the bundles. */

export type ConversationState = "waiting" | "active" | "ended" | "abandoned";

/** What a site may say about its visitor beside name and e-mail. */
export type Fields = Record<string, string | number | boolean>;

export interface VisitorConversation {
  id: string;
  number: number | string;
  state: ConversationState;
  department: { id: string; name: string };
  /** The photos are addresses on the installation, empty for none: 61 by 61 in the chat, 150 by 200 in the window of its own. */
  agent: { name: string; photo: string; portrait: string } | null;
  /** Place in the queue from 1, while waiting. */
  position: number | null;
  /** How long it may still take, by what others waited. */
  estimate?: { low_seconds: number; high_seconds: number } | null;
  last_sequence: number;
  agent_seen_sequence: number;
  queue_entered_at: number;
  /** The wait is long: a message may be left in its place, and waiting goes on. */
  contact_offered?: boolean;
  ended_by: string | null;
  /** The answer to the survey, 1 to 5. */
  rating: number | null;
}

export interface SentFile {
  name: string;
  content_type: string;
  size: number;
  url: string;
}

export interface VisitorMessage {
  id: string;
  /** The visitor's own sequence: from 1, without gaps. */
  sequence: number;
  client_id: string | null;
  kind: "text" | "file" | "system";
  author: { kind: "visitor" | "agent" | "system"; name: string };
  text: string;
  file: SentFile | null;
  system: { key: string; params: Record<string, unknown> | null } | null;
  at: number;
  /** The sequence of the message that this one quotes. */
  reply_to?: number;
  /** How often it was changed after sending: of two copies the one with the greater is newer. */
  revision?: number;
  edited?: boolean;
  /** Taken back by its author. */
  deleted?: boolean;
  reactions?: { emoji: string; by: "visitor" | "agent" }[];
}

export interface Limits {
  text: number;
  file_bytes: number;
  file_types: string[];
}

export interface VisitorDepartment {
  id: string;
  name: string;
  description: string;
  online: boolean;
  /** When one that is outside its hours opens again, milliseconds UTC. */
  opens_at?: number | null;
  /** This visitor would have to be signed in to the site. */
  identity_required?: boolean;
}

/** What a site says in its own words; empty where it says nothing. */
export interface SiteWords {
  title: string;
  greeting: string;
  away: string;
}

export type FormTexts = Partial<Record<"pt" | "en" | "es", string>>;
export type FormKind = "identification" | "contact" | "survey";

/** One of the account's own questions. */
export interface OwnField {
  id: string;
  type: "short" | "long" | "number" | "phone" | "email" | "date" | "cpf" | "cnpj" | "choice" | "choices" | "checkbox";
  label: FormTexts;
  hint?: FormTexts;
  required: boolean;
  max_length?: number;
  options?: { value: string; label: FormTexts }[];
  department_ids?: string[];
}

export interface VisitorSite {
  /** What is asked beside name and e-mail. */
  forms?: { kind: FormKind; department_ids: string[]; intro: FormTexts; fields: OwnField[] }[];
  site: { id: string; name: string; language: string };
  online: boolean;
  departments: VisitorDepartment[];
  visitor: { name: string | null; email: string | null };
  conversation: VisitorConversation | null;
  limits: Limits;
  /** A transcript can be asked for. */
  mail: boolean;
  words?: Partial<Record<"pt" | "en" | "es", SiteWords>>;
}

export interface Problem {
  status: number;
  code: string;
  detail: string;
  fields?: { field: string; code: string; detail: string; limit?: unknown }[];
}

export interface Hello {
  t: "hello";
  token?: string | undefined;
  tab: string;
  url: string;
  title: string;
  referrer: string;
  language: string;
  screen: string;
  time_zone: string;
  hidden: boolean;
  monitoring: boolean;
  resumed: boolean;
  consent?: boolean | undefined;
}

export type ClientFrame =
  | Hello
  | { t: "page"; url: string; title: string; referrer: string }
  | { t: "activity" }
  | { t: "hidden"; hidden: boolean }
  | {
      t: "identify";
      name?: string | undefined;
      email?: string | undefined;
      fields?: Fields;
      user_id?: string | undefined;
      signature?: string | undefined;
    }
  | { t: "typing"; conversation: string; text: string }
  | { t: "seen"; conversation: string; sequence: number }
  | { t: "outreach"; id: string; state: OutreachState }
  | { t: "met"; id: string; page: number };

/** What a page says of something sent to it, in this order; from `accepted` on it is an answer. */
export type OutreachState = "delivered" | "shown" | "accepted" | "refused" | "clicked" | "expired" | "failed";

/** Something an agent or a rule sends to a visitor who has asked nothing yet. */
export interface Outreach {
  t: "outreach";
  id: string;
  kind: "invite" | "promotion" | "redirect" | "open" | "message";
  style: "card" | "image";
  title: string;
  text: string;
  button: string;
  image: { url: string; alt: string; width: number; height: number } | null;
  /** Where a promotion leads. */
  link: string;
  /** Where a redirect leads. */
  url: string;
  position: "bottom_right" | "bottom_left" | "top_right" | "top_left" | "center";
  animation: "none" | "fade" | "slide" | "bounce";
  /** How long it is shown; 0: until it is answered. */
  seconds: number;
  /** Preselected in the chat. */
  department: string | null;
  agent: { name: string } | null;
}

/** How the chat is called on a site and how it looks: docs/protocols.md, section 3. */
export interface Look {
  /** What opens: the chat in the page, or a window of its own; `page` is that window itself. */
  chat_mode: "widget" | "popup" | "page";
  /** Where the call is: 0 in place · 1 bottom right · 2 bottom left · 3 right · 4 left · 6 top right · 7 top left · 5 nowhere · 10, 11 the round button, right and left. */
  call_mode: number;
  hide_when_offline: boolean;
  theme: Theme;
  /** The site's own words on the call, by language. */
  labels?: Partial<Record<"pt" | "en" | "es", string>> | undefined;
}

export interface Theme {
  /** #rrggbb */
  brand: string;
  /** What reads on it: #ffffff or nearly black. */
  ink: string;
  /** How round corners are, in pixels: 0–24. */
  corner: number;
  size: "compact" | "normal" | "large";
  scheme: "light" | "dark" | "auto";
  /** Images in place of the call, or empty. */
  launcher_online: string;
  launcher_offline: string;
}

export interface Welcome {
  t: "welcome";
  token: string;
  visit: string;
  online: boolean;
  conversation: { id: string; state: ConversationState; unread: number } | null;
  language: string;
  widget: Look;
  /** Whether anything may stay on the device. */
  keep: boolean;
}

/** What only the page can see of a trigger's conditions; exactly one is set. */
export interface PageCondition {
  /** Percent of the page. */
  scroll?: number;
  /** Since the page view. */
  seconds?: number;
  leaving?: boolean;
  click?: boolean;
}

/** What the page is to watch for; it replaces what it was told before. */
export interface Watches {
  t: "watch";
  /** Which page view it is for. */
  id: number;
  /** Milliseconds since the page view. */
  elapsed: number;
  watches: { id: string; match: "all" | "any"; conditions: PageCondition[] }[];
}

export type ServerFrame =
  | Welcome
  | Watches
  | { t: "department"; id: string }
  | { t: "conversation"; conversation: VisitorConversation }
  | { t: "message" | "changed"; conversation: string; message: VisitorMessage }
  | { t: "typing"; conversation: string; name: string; on: boolean }
  | { t: "seen"; conversation: string; sequence: number }
  | { t: "consent"; id: "notice"; policy_url: string }
  | { t: "online"; online: boolean }
  | Outreach
  | { t: "bye"; code: number; retry: number | null }
  | { t: "error"; ref: string; problem: Problem };
