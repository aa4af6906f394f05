import type { Conversation, QuickReply } from "@aceno/contract";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useCallback, useEffect } from "react";
import { api } from "@/app/api.ts";
import { useAccount, useServices } from "@/app/services.tsx";
import { fill, greeting, hourIn } from "./fill.ts";

const key = ["quick-replies"];

/** What the agent may insert; kept true by events. */
export function useReplies() {
  const { live } = useServices();
  const client = useQueryClient();
  useEffect(
    () =>
      live.onEvent((event) => {
        if (event.kind !== "quickreply.saved" && event.kind !== "quickreply.removed") return;
        const gone = event.kind === "quickreply.removed" ? event.payload.id : event.payload.reply.id;
        client.setQueryData<QuickReply[]>(key, (held) => {
          if (!held) return held;
          const others = held.filter(({ id }) => id !== gone);
          return event.kind === "quickreply.saved" ? [...others, event.payload.reply] : others;
        });
      }),
    [live, client],
  );
  useEffect(() => live.onResync(() => void client.invalidateQueries({ queryKey: key })), [live, client]);
  return useQuery({ queryKey: key, queryFn: async ({ signal }) => (await api.quickReplies.list(signal)).replies });
}

/** Fills a reply for a conversation, and counts that it was used. */
export function useFilled(): (reply: QuickReply, conversation: Conversation) => string {
  const { live } = useServices();
  const me = useAccount((state) => state.me);
  const departments = useAccount((state) => state.departments);
  return useCallback(
    (reply, { visitor, number, department_id: department }) => {
      // A count that is lost does not matter to anybody who is writing.
      api.quickReplies.used(reply.id).catch(() => undefined);
      const now = Date.now() + live.getView().clockOffset;
      return fill(reply.text, {
        visitor: visitor.name,
        first_name: visitor.name.trim().split(/\s+/)[0] ?? "",
        agent: me.agent.name,
        department: departments[department]?.display_name ?? "",
        number: String(number),
        greeting: greeting(hourIn(now, me.account.time_zone), me.account.language),
      });
    },
    [live, me, departments],
  );
}
