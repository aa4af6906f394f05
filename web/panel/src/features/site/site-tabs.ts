import type { Site } from "@aceno/contract";
import type { ComponentType } from "react";

export interface SiteTabSpec {
  /** The last part of its address, /admin/sites/<site>/<id>, and its name in the words: `site_tabs.<id>`. */
  id: string;
  load: () => Promise<ComponentType<{ site: Site }>>;
}

/** What can be set of one site, one entry each. Each saves what it changes by itself. */
const everyTab = [
  { id: "general", load: () => import("./general-tab.tsx").then((module) => module.GeneralTab) },
  { id: "look", load: () => import("./look-tab.tsx").then((module) => module.LookTab) },
  { id: "address", load: () => import("./address-tab.tsx").then((module) => module.AddressTab) },
  { id: "privacy", load: () => import("./privacy-tab.tsx").then((module) => module.PrivacyTab) },
] as const satisfies readonly SiteTabSpec[];

export type SiteTabId = (typeof everyTab)[number]["id"];
export const siteTabs: readonly (SiteTabSpec & { id: SiteTabId })[] = everyTab;
