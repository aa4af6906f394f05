import { addWords } from "../index.ts";
import type pt from "./pt.json";

declare global {
  interface PanelWords {
    routing: typeof pt;
  }
}

await addWords("routing", {
  pt: () => import("./pt.json"),
  en: () => import("./en.json"),
  es: () => import("./es.json"),
});
