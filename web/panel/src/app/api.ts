import { createApi } from "@aceno/contract";
import { currentLanguage } from "./i18n/index.ts";

/** The one client of the panel. */
export const api = createApi({ language: currentLanguage });
