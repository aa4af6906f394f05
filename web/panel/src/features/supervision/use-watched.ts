import { type Conversation, Problem } from "@aceno/contract";
import { useEffect, useState } from "react";
import { api } from "@/app/api.ts";
import { useServices } from "@/app/services.tsx";

export interface Watched {
  /** `null` until the server has let us watch it. */
  conversation: Conversation | null;
  /** It is over, or has left what the agent supervises. */
  gone: boolean;
  error: unknown;
  retry: () => void;
}

/**
 * Watches a conversation for as long as the component is there (T135): its messages come by the socket into the threads. The
 * server forgets who watches when it restarts, so after each break of the connection it is asked again.
 */
export function useWatched(id: string): Watched {
  const { live, threads } = useServices();
  const [conversation, setConversation] = useState<Conversation | null>(null);
  const [gone, setGone] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const [attempt, setAttempt] = useState(0);
  // biome-ignore lint/correctness/useExhaustiveDependencies: an attempt begins anew
  useEffect(() => {
    let left = false;
    let wasLive = live.getView().link.status === "live";
    const ask = () => {
      setError(null);
      api.supervision.watch(id).then(
        (fresh) => {
          if (left) return;
          setConversation((known) => newer(known, fresh));
          threads.open(id);
          threads.retry(id);
        },
        (problem: unknown) => {
          if (left) return;
          if (problem instanceof Problem && (problem.status === 404 || problem.code === "conversation_ended")) {
            setGone(true);
          } else setError(problem);
        },
      );
    };
    const stops = [
      live.onEvent((event) => {
        switch (event.kind) {
          case "conversation.queued":
          case "conversation.claimed":
          case "conversation.returned":
          case "conversation.ended":
          case "conversation.abandoned":
          case "conversation.corrected":
          case "conversation.transferred":
          case "conversation.participants":
          case "conversation.noted":
            if (event.payload.conversation.id === id) {
              setConversation((known) => newer(known, event.payload.conversation));
            }
            break;
          case "conversation.message":
          case "conversation.internal":
            if (event.payload.conversation_id === id) {
              const { conversation: progress } = event.payload;
              setConversation((known) => known && newer(known, { ...known, ...progress }));
            }
            break;
          case "supervision.watch_ended":
            // Another tab of this agent looked away.
            if (event.payload.conversation_id === id) ask();
            break;
          default:
        }
      }),
      live.subscribe(() => {
        const isLive = live.getView().link.status === "live";
        if (isLive && !wasLive) ask();
        wasLive = isLive;
      }),
    ];
    ask();
    return () => {
      left = true;
      for (const stop of stops) stop();
      if (live.getView().state?.conversations[id]) return;
      threads.forget(id);
      // Nothing depends on it: the server forgets by itself when the conversation or the session is over.
      api.supervision.unwatch(id).catch(() => {});
    };
  }, [live, threads, id, attempt]);
  return { conversation, gone, error, retry: () => setAttempt((n) => n + 1) };
}

function newer(known: Conversation | null, next: Conversation): Conversation {
  return known && known.version > next.version ? known : next;
}
