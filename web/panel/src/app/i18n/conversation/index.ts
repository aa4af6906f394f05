import { addWords } from "../index.ts";
import type pt from "./pt.json";

declare global {
  interface PanelSections {
    conversation: typeof pt;
  }
}

await addWords("panel/conversation", {
  pt: () => import("./pt.json"),
  en: () => import("./en.json"),
  es: () => import("./es.json"),
});
