import "@/app/i18n/side/index.ts";
import type { Conversation } from "@aceno/contract";
import { type KeyboardEvent, lazy, Suspense } from "react";
import { useTranslation } from "react-i18next";
import { useIntegrations } from "@/features/integration/integrations.ts";
import { DetailsTab } from "../details-tab.tsx";
import classes from "./side.module.css";
import { chooseSideTab, type SideTab, sideTabs, useSideTab } from "./tabs.ts";

const NotesTab = lazy(() => import("./notes-tab.tsx").then((module) => ({ default: module.NotesTab })));
const FormTab = lazy(() => import("./form-tab.tsx").then((module) => ({ default: module.FormTab })));
const HistoryTab = lazy(() => import("./history-tab.tsx").then((module) => ({ default: module.HistoryTab })));
const IntegrationsTab = lazy(() =>
  import("@/features/integration/integrations-tab.tsx").then((module) => ({ default: module.IntegrationsTab })),
);

/** The complements of a conversation, one at a time (T125–T129). The arrow keys go from tab to tab. */
export function SidePanel({ conversation }: { conversation: Conversation }) {
  const { t } = useTranslation();
  const { id } = conversation;
  const { tab: chosen } = useSideTab(id);
  const framed = useIntegrations().data?.some(({ active }) => active) ?? false;
  const shown = sideTabs.filter((each) => each !== "integrations" || framed);
  const tab = shown.includes(chosen) ? chosen : "details";
  const body = tab === "integrations" ? "framed" : "body";
  const move = (event: KeyboardEvent) => {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (!step) return;
    const next = shown[(shown.indexOf(tab) + step + shown.length) % shown.length] as SideTab;
    chooseSideTab(id, next);
    document.getElementById(`side-${next}`)?.focus();
  };
  return (
    <aside className={classes.side} aria-label={t("side.tabs")}>
      <div role="tablist" className={classes.tabs} aria-label={t("side.tabs")} onKeyDown={move}>
        {shown.map((each) => (
          <button
            key={each}
            id={`side-${each}`}
            type="button"
            role="tab"
            aria-selected={each === tab}
            aria-controls="side-body"
            aria-label={each === "form" ? t("side.form_full") : undefined}
            tabIndex={each === tab ? 0 : -1}
            onClick={() => chooseSideTab(id, each)}
          >
            {t(`side.${each}`)}
          </button>
        ))}
      </div>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region must be reachable by keyboard */}
      <div id="side-body" role="tabpanel" aria-labelledby={`side-${tab}`} className={classes[body]} tabIndex={0}>
        <Suspense fallback={null}>
          {tab === "details" && <DetailsTab conversation={conversation} />}
          {tab === "notes" && <NotesTab conversation={conversation} />}
          {tab === "form" && <FormTab conversation={conversation} />}
          {tab === "integrations" && <IntegrationsTab conversation={conversation} />}
          {tab === "history" && <HistoryTab conversation={conversation} />}
        </Suspense>
      </div>
    </aside>
  );
}
