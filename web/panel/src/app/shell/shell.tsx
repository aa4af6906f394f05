import { lazy, Suspense, useEffect } from "react";
import { useTranslation } from "react-i18next";
import { Counters } from "@/features/counters/counters.tsx";
import { VisitorGrid } from "@/features/grid/visitor-grid.tsx";
import { Profile } from "@/features/session/profile.tsx";
import { Toolbar } from "@/features/toolbar/toolbar.tsx";
import { Logo } from "@/shared/logo.tsx";
import { useAccount, usePermission, usePreferences } from "../services.tsx";
import { useDesk } from "./desk.tsx";
import { Gear } from "./gear.tsx";
import { LinkNotice } from "./link-notice.tsx";
import classes from "./shell.module.css";

const loadWindow = () => import("@/features/conversation/conversation-window.tsx");
const ConversationWindow = lazy(() => loadWindow().then((module) => ({ default: module.ConversationWindow })));

/** The one screen: information bar, toolbar, grid, and below it the conversations when there are any. */
export function Shell() {
  const { t } = useTranslation();
  const desk = useDesk();
  const open = useAccount((state) => Object.keys(state.conversations).length > 0);
  const { window_size: size } = usePreferences();
  const maySee = usePermission("visitor.view");
  useEffect(() => {
    // Fetched while nothing else is to be done, so that the first conversation opens without a gap.
    const timer = window.setTimeout(() => void loadWindow().catch(() => undefined), 2000);
    return () => window.clearTimeout(timer);
  }, []);
  return (
    <div className={classes.shell} data-window={open ? (desk.minimised ? "minimised" : size) : "none"}>
      <header className={classes.top}>
        <a className={classes.skip} href="#visitor-grid">
          {t("shell.skip_to_grid")}
        </a>
        {open && (
          <a className={classes.skip} href="#conversation-window">
            {t("shell.skip_to_conversation")}
          </a>
        )}
        <h1 className={classes.brand}>
          <Logo />
        </h1>
        <Counters />
        <span className={classes.space} />
        <LinkNotice />
        <Profile />
        <Gear />
      </header>
      <Toolbar />
      <main className={classes.main}>
        {maySee ? <VisitorGrid /> : <p className={classes.forbidden}>{t("grid.forbidden")}</p>}
      </main>
      {open && (
        <Suspense fallback={<div />}>
          <ConversationWindow />
        </Suspense>
      )}
    </div>
  );
}
