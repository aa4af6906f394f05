import { addWords } from "../index.ts";
import type pt from "./pt.json";

declare global {
  interface PanelSections {
    message: typeof pt;
  }
}

await addWords("panel/message", {
  pt: () => import("./pt.json"),
  en: () => import("./en.json"),
  es: () => import("./es.json"),
});
