import "./app/theme/mantine.css";
import "./app/theme/global.css";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { App } from "./app/app.tsx";
import { preferredLanguage, startTranslation } from "./app/i18n/index.ts";

const root = document.getElementById("root");
if (root) {
  await startTranslation(preferredLanguage());
  createRoot(root).render(
    <StrictMode>
      <App />
    </StrictMode>,
  );
}
