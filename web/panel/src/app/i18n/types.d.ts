import "i18next";
import type pt from "./pt.json";

declare global {
  /** The words by namespace. A lazy namespace adds its own in its folder's `index.ts`. */
  interface PanelWords {
    panel: typeof pt & PanelSections;
  }

  /** Sections of the panel's own words that are fetched with the part that speaks them: keys as if they had always been there. */
  interface PanelSections {}
}

declare module "i18next" {
  interface CustomTypeOptions {
    defaultNS: "panel";
    returnNull: false;
    resources: PanelWords;
  }
}
