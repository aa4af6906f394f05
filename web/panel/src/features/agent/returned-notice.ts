import "@/app/i18n/agent/index.ts";
import type { Me } from "@aceno/contract";
import i18next from "i18next";
import { api } from "@/app/api.ts";
import { notify } from "@/shared/notify.ts";

/** Tells an agent who is back what went back to the queue meanwhile (T008); the server then forgets it. */
export async function tellReturned({ count, reason, at }: NonNullable<Me["returned"]>): Promise<void> {
  const cause = reason === "deactivated" ? "signed_out" : reason;
  await notify({
    id: "returned",
    tone: "warning",
    stays: false,
    message: i18next.t(`agent:returned.${cause}`, { count }),
  });
  await api.session.told(at).catch(() => {}); // it is told once more with the next start
}
