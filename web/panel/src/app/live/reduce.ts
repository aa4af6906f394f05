import type { Agent, Conversation, LiveEvent, LiveServerFrame, Offer } from "@aceno/contract";
import type { LiveState } from "./state.ts";

/** Frames that change the state; grid and visit frames go to who asked for them. */
export type StateFrame = Extract<
  LiveServerFrame,
  { t: "event" | "position" | "ready" | "counters" | "agents" | "departments" | "queue" | "typing" }
>;

/**
 * The state after a frame. An event whose position is not above the state's was applied before and changes nothing,
 * so a repeated frame is harmless (B01).
 */
export function reduce(state: LiveState, frame: StateFrame, now: number): LiveState {
  switch (frame.t) {
    case "event":
      return frame.position <= state.position ? state : { ...applyEvent(state, frame), position: frame.position };
    case "position":
      return frame.position <= state.position ? state : { ...state, position: frame.position };
    case "ready":
      return state;
    case "counters":
      return { ...state, counters: frame.counters };
    case "agents":
      return applyPresence(state, frame.agents);
    case "departments": {
      const departments = { ...state.departments };
      for (const { id, open, online } of frame.departments) {
        const department = departments[id];
        if (department) departments[id] = { ...department, open, online };
      }
      return { ...state, departments };
    }
    case "queue":
      return { ...state, queueVersion: state.queueVersion + 1 };
    case "typing":
      return {
        ...state,
        typing: { ...state.typing, [frame.conversation]: { on: frame.on, text: frame.text, at: now } },
      };
  }
}

function applyEvent(state: LiveState, event: LiveEvent): LiveState {
  switch (event.kind) {
    case "conversation.queued":
    case "conversation.claimed":
    case "conversation.returned":
    case "conversation.ended":
    case "conversation.abandoned":
    case "conversation.waited":
    case "conversation.rated":
    case "conversation.closed":
    case "conversation.transferred":
    case "conversation.participants":
    case "conversation.noted":
    case "conversation.corrected":
      return { ...upsertConversation(state, event.payload.conversation), queueVersion: state.queueVersion + 1 };
    case "conversation.transfer": {
      const { transfer } = event.payload;
      const { [transfer.id]: _over, ...transfers } = state.transfers;
      return {
        ...state,
        transfers: transfer.state === "pending" ? { ...transfers, [transfer.id]: transfer } : transfers,
      };
    }
    case "conversation.message":
    case "conversation.internal":
      return withMessage(state, event);
    case "conversation.message_changed":
    case "conversation.internal_changed": {
      const known = state.conversations[event.payload.conversation_id];
      return known ? upsertConversation(state, { ...known, ...event.payload.conversation }) : state;
    }
    case "conversation.seen": {
      const { conversation_id: id, by, sequence } = event.payload;
      const conversation = state.conversations[id];
      if (!conversation) return state;
      const field = by === "agent" ? "agent_seen_sequence" : "visitor_seen_sequence";
      if (conversation[field] >= sequence) return state;
      return { ...state, conversations: { ...state.conversations, [id]: { ...conversation, [field]: sequence } } };
    }
    case "offer.made":
      if (event.payload.offer.agent_id !== state.me.agent.id) return state;
      return { ...state, offers: { ...state.offers, [event.payload.offer.id]: event.payload } };
    case "offer.changed":
      return withOffer(state, event.payload.offer);
    case "agent.status_changed":
      return changeAgent(state, event.payload.agent_id, (agent) => ({ ...agent, status: event.payload.status }));
    case "agent.saved": {
      const { agent } = event.payload;
      const agents = { ...state.agents, [agent.id]: agent };
      return agent.id === state.me.agent.id ? { ...state, agents, me: { ...state.me, agent } } : { ...state, agents };
    }
    case "department.saved": {
      const { department } = event.payload;
      return { ...state, departments: { ...state.departments, [department.id]: department } };
    }
    case "site.saved":
      return { ...state, sites: { ...state.sites, [event.payload.site.id]: event.payload.site } };
    case "agent.preferences_changed":
      if (event.payload.agent_id !== state.me.agent.id) return state;
      return { ...state, me: { ...state.me, preferences: event.payload.preferences } };
    case "account.saved": {
      const { id, name, time_zone, language } = event.payload.account;
      return { ...state, me: { ...state.me, account: { id, name, time_zone, language } } };
    }
    // The socket's close code tells of a session's end; and a newer server may know events that this panel does not.
    default:
      return state;
  }
}

/** An offer that is over leaves; one that was accepted says until when to write. */
function withOffer(state: LiveState, offer: Offer): LiveState {
  if (offer.agent_id !== state.me.agent.id) return state;
  const { [offer.id]: _over, ...offers } = state.offers;
  const { [offer.conversation_id]: _before, ...others } = state.answers;
  const until = offer.state === "accepted" ? offer.answer_until : null;
  return { ...state, offers, answers: until === null ? others : { ...others, [offer.conversation_id]: until } };
}

/** Keeps the conversation while it is mine and not closed, and no stale copy replaces a newer one. */
export function upsertConversation(state: LiveState, conversation: Conversation): LiveState {
  const known = state.conversations[conversation.id];
  if (known && known.version > conversation.version) return state;
  const { id } = state.me.agent;
  const mine =
    conversation.agent_id === id &&
    !conversation.closed &&
    (conversation.state === "active" || conversation.state === "ended");
  if (mine || conversation.participants.some(({ agent_id }) => agent_id === id)) {
    return { ...state, conversations: { ...state.conversations, [conversation.id]: keepSeen(known, conversation) } };
  }
  if (!known) return state;
  const { [conversation.id]: _gone, ...conversations } = state.conversations;
  const { [conversation.id]: _peek, ...typing } = state.typing;
  return { ...state, conversations, typing };
}

/** Read marks only move forward, whatever order their carriers arrive in. */
function keepSeen(known: Conversation | undefined, next: Conversation): Conversation {
  if (!known) return next;
  return {
    ...next,
    agent_seen_sequence: Math.max(known.agent_seen_sequence, next.agent_seen_sequence),
    visitor_seen_sequence: Math.max(known.visitor_seen_sequence, next.visitor_seen_sequence),
  };
}

function withMessage(
  state: LiveState,
  event: Extract<LiveEvent, { kind: "conversation.message" | "conversation.internal" }>,
): LiveState {
  const { conversation_id: id, conversation: progress, message } = event.payload;
  const known = state.conversations[id];
  if (!known) return state;
  // An answer ends a hold.
  const answered = event.kind === "conversation.message" && message.author.kind === "agent";
  const next = upsertConversation(state, { ...known, ...progress, ...(answered && { hold_until: null }) });
  if (message.author.kind !== "visitor" || !next.typing[id]) return next;
  const { [id]: _sent, ...typing } = next.typing;
  return { ...next, typing };
}

function changeAgent(state: LiveState, id: string, change: (agent: Agent) => Agent): LiveState {
  const known = state.agents[id];
  const agents = known ? { ...state.agents, [id]: change(known) } : state.agents;
  const me = state.me.agent.id === id ? { ...state.me, agent: change(state.me.agent) } : state.me;
  return { ...state, agents, me };
}

function applyPresence(state: LiveState, list: Extract<StateFrame, { t: "agents" }>["agents"]): LiveState {
  const agents = { ...state.agents };
  const presence = { ...state.presence };
  let me = state.me;
  for (const { id, status, ...parts } of list) {
    const { present } = parts;
    const agent = agents[id];
    if (agent) agents[id] = { ...agent, status, present };
    presence[id] = parts;
    if (id === me.agent.id) me = { ...me, agent: { ...me.agent, status, present } };
  }
  return { ...state, agents, presence, me };
}
