/** The visitor's side, docs/protocols.md section 3. */

import type { ProblemBody } from "./problem.ts";
import type { AuthorKind, ConversationState, Limits } from "./types.ts";

export interface VisitorConversation {
  id: string;
  number: number;
  state: ConversationState;
  department: { id: string; name: string };
  /** The photos are addresses on the installation, empty for none: 61 by 61 in the chat, 150 by 200 in the window of its own. */
  agent: { name: string; photo: string; portrait: string } | null;
  /** From 1, while waiting. */
  position: number | null;
  last_sequence: number;
  agent_seen_sequence: number;
  queue_entered_at: number;
  ended_by: string | null;
  /** The answer to the survey, 1 to 5. */
  rating: number | null;
}

export interface VisitorSite {
  site: { id: string; name: string; language: string };
  online: boolean;
  departments: { id: string; name: string; description: string; online: boolean }[];
  visitor: { name: string; email: string };
  conversation: VisitorConversation | null;
  limits: Limits;
}

export interface VisitorMessage {
  id: string;
  /** The visitor sequence: from 1 without gaps. */
  sequence: number;
  client_id: string;
  kind: "text" | "file" | "system";
  author: { kind: AuthorKind; name: string };
  text: string;
  file: { name: string; content_type: string; size: number; url: string } | null;
  system: { key: string; params: Record<string, unknown> } | null;
  at: number;
}

export type VisitorClientFrame =
  | {
      t: "hello";
      token?: string;
      tab: string;
      url: string;
      title: string;
      referrer: string;
      language: string;
      screen: string;
      time_zone: string;
      hidden: boolean;
      name?: string;
      email?: string;
      fields?: Record<string, unknown>;
      monitoring: boolean;
      /** The same page view, after a lost connection. */
      resumed: boolean;
    }
  | { t: "page"; url: string; title: string; referrer: string }
  | { t: "activity" }
  | { t: "hidden"; hidden: boolean }
  | { t: "identify"; name?: string; email?: string; fields?: Record<string, unknown> }
  | { t: "typing"; conversation: string; text: string }
  | { t: "seen"; conversation: string; sequence: number };

export type VisitorServerFrame =
  | {
      t: "welcome";
      token: string;
      visit: string;
      online: boolean;
      conversation: { id: string; state: ConversationState; unread: number } | null;
      language: string;
    }
  | { t: "conversation"; conversation: VisitorConversation }
  | { t: "message"; conversation: string; message: VisitorMessage }
  | { t: "typing"; conversation: string; name: string; on: boolean }
  | { t: "seen"; conversation: string; sequence: number }
  | { t: "online"; online: boolean }
  | { t: "bye"; code: number; retry: number | null }
  | { t: "error"; ref: string; problem: ProblemBody };
