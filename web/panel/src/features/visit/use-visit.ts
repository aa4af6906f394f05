import { useEffect, useState } from "react";
import type { VisitUpdate } from "@/app/live/live.ts";
import { useServices } from "@/app/services.tsx";

/** Follows a visit while mounted; `null` until the first answer. */
export function useVisit(visit: string): VisitUpdate | null {
  const { live } = useServices();
  const [update, setUpdate] = useState<{ visit: string; update: VisitUpdate } | null>(null);
  useEffect(() => live.followVisit(visit, (next) => setUpdate({ visit, update: next })), [live, visit]);
  return update?.visit === visit ? update.update : null;
}
