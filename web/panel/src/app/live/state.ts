import type {
  Agent,
  AgentPresence,
  Conversation,
  Counters,
  Department,
  Limits,
  Me,
  OfferMade,
  Site,
  Snapshot,
  Transfer,
} from "@aceno/contract";

/** How the socket stands, as the agent is told. */
export type LinkStatus = "connecting" | "live" | "reconnecting" | "ended";

/** Why the session is over; `expired` when the server no longer knows it. */
export type EndReason = "replaced" | "signed_out" | "inactive" | "supervisor" | "expired" | "protocol";

export interface Link {
  status: LinkStatus;
  /** When the next attempt is made, in this machine's milliseconds. */
  retryAt: number | null;
  endReason: EndReason | null;
}

export interface Peek {
  on: boolean;
  text: string;
  at: number;
}

/** Truthful presence of an agent, each part for itself (B08); `ready` is all of them. */
export type Presence = Omit<AgentPresence, "id" | "status">;

/** Everything the panel knows of the account, at one position of its event log. Never mutated. */
export interface LiveState {
  position: number;
  me: Me;
  agents: Readonly<Record<string, Agent>>;
  presence: Readonly<Record<string, Presence>>;
  departments: Readonly<Record<string, Department>>;
  sites: Readonly<Record<string, Site>>;
  /** Mine: active, and ended but not closed; and those I take part in. */
  conversations: Readonly<Record<string, Conversation>>;
  /** Pending, to me and from me. */
  transfers: Readonly<Record<string, Transfer>>;
  /** What the roulette offers me, by offer. */
  offers: Readonly<Record<string, OfferMade>>;
  /** Until when I have to write in a conversation that the roulette gave me, by conversation. */
  answers: Readonly<Record<string, number>>;
  counters: Counters;
  /** What visitors are typing, by conversation. */
  typing: Readonly<Record<string, Peek>>;
  limits: Limits;
  /** Grows with every event that changes the queue; a reason to ask for it again. */
  queueVersion: number;
}

export function fromSnapshot(snapshot: Snapshot, before: LiveState | null): LiveState {
  return {
    position: snapshot.position,
    me: snapshot.me,
    agents: byId(snapshot.agents),
    presence: before?.presence ?? {},
    departments: byId(snapshot.departments),
    sites: byId(snapshot.sites),
    conversations: byId(snapshot.conversations),
    transfers: byId(snapshot.transfers),
    offers: Object.fromEntries(snapshot.offers.map((made) => [made.offer.id, made])),
    answers: before?.answers ?? {},
    counters: snapshot.counters,
    typing: {},
    limits: snapshot.limits,
    queueVersion: (before?.queueVersion ?? 0) + 1,
  };
}

function byId<T extends { id: string }>(items: readonly T[]): Record<string, T> {
  return Object.fromEntries(items.map((item) => [item.id, item]));
}
