import { NetworkError, type Offer, Problem } from "@aceno/contract";
import { useEffect, useRef } from "react";
import { api } from "@/app/api.ts";
import { useLiveView, useServices } from "@/app/services.tsx";
import { useDesk } from "@/app/shell/desk.tsx";

const retryAfter = 700;

/**
 * Tells the server that an offer is on this screen (B07): after it was painted, or, where nothing is painted because the tab is in the
 * background, after the page has answered for itself. A tab that sleeps does neither, and the offer goes to somebody else. Of several
 * tabs the one with the connection speaks.
 */
export function useAcknowledge(offer: Offer): void {
  const { live } = useServices();
  const desk = useDesk();
  const speaks = useLiveView((view) => view.leading && view.link.status === "live");
  const show = useRef(desk.showConversation);
  show.current = desk.showConversation;
  useEffect(() => {
    if (!speaks) return;
    let over = false;
    const acknowledge = async () => {
      while (!over) {
        await onScreen();
        if (over) return;
        try {
          const conversation = await api.queue.offerShown(offer.id);
          live.adopt(conversation);
          if (!writing()) show.current(conversation.id);
          return;
        } catch (error) {
          const again = error instanceof NetworkError || (error instanceof Problem && error.transient);
          if (!again) return; // the log tells what became of the offer
          await new Promise((resolve) => setTimeout(resolve, retryAfter));
        }
      }
    };
    void acknowledge();
    return () => {
      over = true;
    };
  }, [speaks, offer.id, live]);
}

/** Resolves when what was rendered last is on the screen, or would be if the tab were in front. */
function onScreen(): Promise<void> {
  if (document.hidden) return new Promise((resolve) => setTimeout(resolve, 0));
  return new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(() => resolve())));
}

/** Somebody who is writing is not interrupted: the new tab waits beside the present one. */
function writing(): boolean {
  const at = document.activeElement;
  return (at instanceof HTMLTextAreaElement || at instanceof HTMLInputElement) && at.value !== "";
}
