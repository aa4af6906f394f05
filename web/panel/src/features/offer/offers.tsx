import { lazy, Suspense, useEffect } from "react";
import { useAccount } from "@/app/services.tsx";
import { useLostOffers } from "./use-lost-offers.ts";

const fetchCards = () => import("./offer-cards.tsx");
const OfferCards = lazy(() => fetchCards().then((module) => ({ default: module.OfferCards })));

/** What the roulette holds out to this agent; fetched as soon as it may come to that, so that the first offer waits for nothing. */
export function Offers() {
  useLostOffers();
  const method = useAccount((state) => state.me.agent.method);
  const any = useAccount(
    (state) => Object.keys(state.offers).length > 0 || Object.keys(state.answers).some((id) => state.conversations[id]),
  );
  useEffect(() => {
    if (method === "manual") return;
    const timer = setTimeout(() => void fetchCards().catch(() => {}), 1_500);
    return () => clearTimeout(timer);
  }, [method]);
  if (!any) return null;
  return (
    <Suspense fallback={null}>
      <OfferCards />
    </Suspense>
  );
}
