import "i18next";
import type pt from "./pt.json";

declare global {
  /** The words by namespace. A lazy namespace adds its own in its folder's `index.ts`. */
  interface PanelWords {
    panel: typeof pt;
  }
}

declare module "i18next" {
  interface CustomTypeOptions {
    defaultNS: "panel";
    returnNull: false;
    resources: PanelWords;
  }
}
