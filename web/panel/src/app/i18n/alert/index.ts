import { addWords } from "../index.ts";
import type pt from "./pt.json";

declare global {
  interface PanelWords {
    alert: typeof pt;
  }
}

await addWords("alert", {
  pt: () => import("./pt.json"),
  en: () => import("./en.json"),
  es: () => import("./es.json"),
});
