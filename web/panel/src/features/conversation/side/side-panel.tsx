import "@/app/i18n/side/index.ts";
import type { Conversation } from "@aceno/contract";
import { type KeyboardEvent, lazy, Suspense } from "react";
import { useTranslation } from "react-i18next";
import { DetailsTab } from "../details-tab.tsx";
import classes from "./side.module.css";
import { chooseSideTab, type SideTab, sideTabs, useSideTab } from "./tabs.ts";

const NotesTab = lazy(() => import("./notes-tab.tsx").then((module) => ({ default: module.NotesTab })));
const FormTab = lazy(() => import("./form-tab.tsx").then((module) => ({ default: module.FormTab })));
const HistoryTab = lazy(() => import("./history-tab.tsx").then((module) => ({ default: module.HistoryTab })));

/** The complements of a conversation, one at a time (T125–T128). The arrow keys go from tab to tab. */
export function SidePanel({ conversation }: { conversation: Conversation }) {
  const { t } = useTranslation();
  const { id } = conversation;
  const { tab } = useSideTab(id);
  const move = (event: KeyboardEvent) => {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (!step) return;
    const next = sideTabs[(sideTabs.indexOf(tab) + step + sideTabs.length) % sideTabs.length] as SideTab;
    chooseSideTab(id, next);
    document.getElementById(`side-${next}`)?.focus();
  };
  return (
    <aside className={classes.side} aria-label={t("side.tabs")}>
      <div role="tablist" className={classes.tabs} aria-label={t("side.tabs")} onKeyDown={move}>
        {sideTabs.map((each) => (
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
      <div id="side-body" role="tabpanel" aria-labelledby={`side-${tab}`} className={classes.body} tabIndex={0}>
        <Suspense fallback={null}>
          {tab === "details" && <DetailsTab conversation={conversation} />}
          {tab === "notes" && <NotesTab conversation={conversation} />}
          {tab === "form" && <FormTab conversation={conversation} />}
          {tab === "history" && <HistoryTab conversation={conversation} />}
        </Suspense>
      </div>
    </aside>
  );
}
