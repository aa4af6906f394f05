import { addWords } from "../index.ts";
import type pt from "./pt.json";

declare global {
  interface PanelSections {
    transfer: typeof pt;
  }
}

await addWords("panel/transfer", {
  pt: () => import("./pt.json"),
  en: () => import("./en.json"),
  es: () => import("./es.json"),
});
