import { addWords } from "../index.ts";
import type pt from "./pt.json";

declare global {
  interface PanelSections {
    queue: typeof pt;
  }
}

await addWords("panel/queue", {
  pt: () => import("./pt.json"),
  en: () => import("./en.json"),
  es: () => import("./es.json"),
});
