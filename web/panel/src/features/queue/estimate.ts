import type { WaitEstimate } from "@aceno/contract";
import type { TFunction } from "i18next";

/** How long somebody may still wait, in whole minutes: an interval, since nobody knows better. */
export function formatEstimate({ low_seconds, high_seconds }: WaitEstimate, t: TFunction): string {
  const low = Math.floor(low_seconds / 60);
  const high = Math.ceil(high_seconds / 60);
  if (high_seconds < 60) return t("queue.under_minute");
  return low < 1 ? t("queue.up_to", { high }) : t("queue.between", { low, high });
}
