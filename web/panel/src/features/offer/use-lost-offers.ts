import type { LiveEvent } from "@aceno/contract";
import { useEffect } from "react";
import { useServices } from "@/app/services.tsx";

/** What is to be told of an offer that is over: it went to somebody else, or the visitor is gone; null when there is nothing to tell. */
export function lossOf(event: LiveEvent): "lost" | "gone" | null {
  if (event.kind !== "offer.changed") return null;
  const { state, reason } = event.payload.offer;
  if (state === "missed") return "lost";
  return state === "withdrawn" && reason === "conversation" ? "gone" : null;
}

/** Tells the agent what became of an offer that nobody showed in time. Its name came with the offer, mostly long before. */
export function useLostOffers(): void {
  const { live } = useServices();
  useEffect(() => {
    const names = new Map<string, string>();
    const learn = () => {
      for (const made of Object.values(live.getView().state?.offers ?? {})) names.set(made.offer.id, made.visitor_name);
    };
    learn();
    const stopLearning = live.onResync(learn);
    const stop = live.onEvent((event) => {
      if (event.kind === "offer.made") names.set(event.payload.offer.id, event.payload.visitor_name);
      if (event.kind !== "offer.changed") return;
      const { offer } = event.payload;
      const name = names.get(offer.id);
      names.delete(offer.id);
      const loss = lossOf(event);
      if (!loss || !name || offer.agent_id !== live.getView().state?.me.agent.id) return;
      void import("./lost-notice.ts").then(({ tellLost }) => tellLost(loss, name));
    });
    return () => {
      stopLearning();
      stop();
    };
  }, [live]);
}
