import { addWords } from "../index.ts";
import type pt from "./pt.json";

declare global {
  interface PanelWords {
    department: typeof pt;
  }
}

await addWords("department", {
  pt: () => import("./pt.json"),
  en: () => import("./en.json"),
  es: () => import("./es.json"),
});
