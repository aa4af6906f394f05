import { useServerNow } from "@/app/services.tsx";
import { formatElapsed } from "@/shared/format.ts";

/** How long ago something was, renewed every second. */
export function Since({ at }: { at: number }) {
  return formatElapsed(useServerNow() - at);
}
