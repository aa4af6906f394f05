import { NetworkError, Problem } from "@aceno/contract";
import type { TFunction } from "i18next";

/** What to tell people about an error: the server's own words where it spoke. */
export function explain(error: unknown, t: TFunction<"panel">): string {
  if (error instanceof Problem) return error.code === "unexpected" ? t("common.unexpected") : error.detail;
  if (error instanceof NetworkError) return t("common.network");
  return t("common.unexpected");
}
