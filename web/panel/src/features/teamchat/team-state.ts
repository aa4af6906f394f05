import type { LiveEvent, Problem, TeamMessage, TeamParties, TeamRoom } from "@aceno/contract";

/** The messages of a room that are loaded: a stretch without gaps up to the newest. */
export interface TeamThread {
  messages: readonly TeamMessage[];
  /** There are older ones on the server. */
  more: boolean;
  loading: boolean;
  failed: boolean;
}

/** A message on its way. Its `client_id` stays the same over every attempt, so that the server stores it once. */
export interface Outgoing {
  client_id: string;
  room: string;
  text: string;
  mentions: string[];
  file: File | null;
  at: number;
  state: "sending" | "waiting" | "failed";
  /** Share sent of a file, from 0 to 1. */
  progress: number;
  problem: Problem | null;
}

/** Everything the window shows. Never mutated. */
export interface TeamView {
  /** By the department's or the other agent's identifier; `null` until they were loaded. */
  rooms: Readonly<Record<string, TeamRoom>> | null;
  failed: boolean;
  threads: Readonly<Record<string, TeamThread>>;
  outgoing: readonly Outgoing[];
  open: boolean;
  /** The room on the screen. */
  room: string | null;
}

export const nothing: TeamView = { rooms: null, failed: false, threads: {}, outgoing: [], open: false, room: null };

export type SaidEvent = Extract<LiveEvent, { kind: "team.message" }>["payload"];
export type ReadEvent = Extract<LiveEvent, { kind: "team.read" }>["payload"];

/** How this agent names the room of an event. */
export function roomOf({ department_id, agent_ids }: TeamParties, me: string): string {
  return department_id ?? agent_ids.find((id) => id !== me) ?? me;
}

/** The room after a message: what I said myself is read. */
export function afterMessage(room: TeamRoom | undefined, said: SaidEvent, me: string): TeamRoom {
  const { message, department_id } = said;
  const known: TeamRoom = room ?? {
    id: roomOf(said, me),
    department_id,
    last_sequence: 0,
    read_sequence: 0,
    seen_sequence: 0,
    mentions: 0,
    last: { text: "", author_id: "", author_name: "", at: 0 },
  };
  if (message.sequence <= known.last_sequence) return known;
  const mine = message.author_id === me;
  const other = !mine && department_id === null;
  return {
    ...known,
    last_sequence: message.sequence,
    read_sequence: mine ? message.sequence : known.read_sequence,
    // Who answers has read.
    seen_sequence: other ? message.sequence : known.seen_sequence,
    mentions: known.mentions + (!mine && message.mentions.includes(me) ? 1 : 0),
    last: {
      text: message.file?.name ?? message.text.slice(0, 200),
      author_id: message.author_id,
      author_name: message.author_name,
      at: message.at,
    },
  };
}

/** The room after somebody read it; marks only move forward. */
export function afterRead(room: TeamRoom, { agent_id, sequence }: ReadEvent, me: string): TeamRoom {
  if (agent_id !== me) return { ...room, seen_sequence: Math.max(room.seen_sequence, sequence) };
  const read = Math.max(room.read_sequence, sequence);
  return { ...room, read_sequence: read, mentions: read >= room.last_sequence ? 0 : room.mentions };
}

export function unreadOf(room: TeamRoom): number {
  return Math.max(0, room.last_sequence - room.read_sequence);
}

/** What calls for attention: everything of my rooms; of those I only supervise, what mentions me. */
export function totalUnread(rooms: TeamView["rooms"], served: readonly string[]): number {
  let total = 0;
  for (const room of Object.values(rooms ?? {})) {
    const mine = room.department_id === null || served.includes(room.department_id);
    total += mine ? unreadOf(room) : room.mentions;
  }
  return total;
}
