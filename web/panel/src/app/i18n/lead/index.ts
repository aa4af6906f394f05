import { addWords } from "../index.ts";
import type pt from "./pt.json";

declare global {
  interface PanelWords {
    lead: typeof pt;
  }
}

await addWords("lead", {
  pt: () => import("./pt.json"),
  en: () => import("./en.json"),
  es: () => import("./es.json"),
});
