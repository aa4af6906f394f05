import "i18next";
import type pt from "./pt.json";

declare module "i18next" {
  interface CustomTypeOptions {
    defaultNS: "panel";
    returnNull: false;
    resources: { panel: typeof pt };
  }
}
