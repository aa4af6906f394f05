import type { GridRow } from "@aceno/contract";
import { createContext, type ReactNode, useCallback, useContext, useEffect, useMemo, useRef, useState } from "react";
import { inTabOrder, nextTab } from "@/features/conversation/tab-rules.ts";
import { useAccount, useServices } from "../services.tsx";

/** Something about to be sent to visitors. */
export interface Sending {
  kind: "invite" | "promotion" | "redirect";
  to: readonly GridRow[];
}

export type Dialog = "preferences" | "queue" | "leave" | "supervision" | "profile" | "password" | "photo" | "replies";

/** What lies on the agent's desk: which conversation is in front, which visitor's details, which dialog. */
export interface Desk {
  front: string | null;
  minimised: boolean;
  /** The visit whose details are open beside the grid. */
  visit: string | null;
  dialog: Dialog | null;
  columnsOpen: boolean;
  /** The visitors selected in the grid, as last seen. */
  chosen: readonly GridRow[];
  sending: Sending | null;
  showConversation(id: string): void;
  setMinimised(minimised: boolean): void;
  showVisit(id: string | null): void;
  show(dialog: Dialog | null): void;
  /** The conversation in front in the supervision window. */
  supervised: string | null;
  /** Whose conversations the supervision window shows first; `null` for everybody's. */
  supervisedAgent: string | null;
  /** Opens the supervision window, on a conversation or on none, with those of one agent or of everybody. */
  supervise(id: string | null, agent?: string): void;
  setColumnsOpen(open: boolean): void;
  choose(rows: readonly GridRow[]): void;
  send(sending: Sending | null): void;
}

const Context = createContext<Desk | null>(null);

export function useDesk(): Desk {
  const desk = useContext(Context);
  if (!desk) throw new Error("outside of the shell");
  return desk;
}

export function DeskProvider({ children }: { children: ReactNode }) {
  const { threads } = useServices();
  const conversations = useAccount((state) => state.conversations);
  const order = useMemo(() => inTabOrder(Object.values(conversations)).map((each) => each.id), [conversations]);
  const [front, setFront] = useState<string | null>(null);
  const [minimised, setMinimised] = useState(false);
  const [visit, showVisit] = useState<string | null>(null);
  const [dialog, show] = useState<Dialog | null>(null);
  const [supervised, setSupervised] = useState<string | null>(null);
  const [supervisedAgent, setSupervisedAgent] = useState<string | null>(null);
  const [columnsOpen, setColumnsOpen] = useState(false);
  const [chosen, choose] = useState<readonly GridRow[]>([]);
  const [sending, send] = useState<Sending | null>(null);
  const known = useRef<readonly string[]>([]);

  useEffect(() => {
    const before = known.current;
    known.current = order;
    for (const id of order) threads.open(id);
    for (const id of before) if (!order.includes(id)) threads.forget(id);
    setFront((current) => {
      if (current !== null && order.includes(current)) return current;
      return current === null ? (order[0] ?? null) : nextTab(before, current);
    });
  }, [order, threads]);

  const showConversation = useCallback((id: string) => {
    setFront(id);
    setMinimised(false);
  }, []);

  const supervise = useCallback((id: string | null, agent?: string) => {
    setSupervised(id);
    setSupervisedAgent(agent ?? null);
    show("supervision");
  }, []);
  const desk = useMemo(
    () => ({
      front: front !== null && order.includes(front) ? front : (order[0] ?? null),
      minimised,
      visit,
      dialog,
      supervised,
      supervisedAgent,
      supervise,
      columnsOpen,
      chosen,
      sending,
      showConversation,
      setMinimised,
      showVisit,
      show,
      setColumnsOpen,
      choose,
      send,
    }),
    [
      front,
      order,
      minimised,
      visit,
      dialog,
      supervised,
      supervisedAgent,
      supervise,
      columnsOpen,
      chosen,
      sending,
      showConversation,
    ],
  );
  return <Context.Provider value={desk}>{children}</Context.Provider>;
}
