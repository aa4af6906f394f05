import { lazy, Suspense } from "react";
import { Offers } from "@/features/offer/offers.tsx";
import classes from "./cards.module.css";

const IncomingTransfers = lazy(() =>
  import("@/features/transfer/incoming.tsx").then((module) => ({ default: module.IncomingTransfers })),
);

/** The cards that wait for this agent, in one column over everything else, whoever they come from. */
export function Cards() {
  return (
    <div className={classes.cards}>
      <Offers />
      <Suspense fallback={null}>
        <IncomingTransfers />
      </Suspense>
    </div>
  );
}
