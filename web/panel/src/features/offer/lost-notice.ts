import "@/app/i18n/offer/index.ts";
import i18next from "i18next";
import { notify } from "@/shared/notify.ts";

/** Says that an offer went to another agent, or that its visitor no longer waits. */
export async function tellLost(loss: "lost" | "gone", name: string): Promise<void> {
  await notify({
    id: "offer-lost",
    tone: loss === "lost" ? "warning" : "plain",
    message: i18next.t(`offer:${loss}`, { name }),
    stays: 15_000,
  });
}
