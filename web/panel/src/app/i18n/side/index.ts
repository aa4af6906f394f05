import { addWords } from "../index.ts";
import type pt from "./pt.json";

declare global {
  interface PanelSections {
    side: typeof pt;
  }
}

await addWords("panel/side", {
  pt: () => import("./pt.json"),
  en: () => import("./en.json"),
  es: () => import("./es.json"),
});
