import { addWords } from "../index.ts";
import type pt from "./pt.json";

declare global {
  interface PanelWords {
    trigger: typeof pt;
  }
}

await addWords("trigger", {
  pt: () => import("./pt.json"),
  en: () => import("./en.json"),
  es: () => import("./es.json"),
});
