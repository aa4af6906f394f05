import { useEffect } from "react";
import { useTranslation } from "react-i18next";
import { currentLocale } from "@/app/i18n/index.ts";
import { useAccount, useServerNow } from "@/app/services.tsx";
import { blinkTitle } from "@/features/preferences/title.ts";
import { formatElapsed, formatNumber } from "@/shared/format.ts";
import classes from "./counters.module.css";

/** The information bar's live figures (T009–T012). Their places do not move when a number changes. */
export function Counters() {
  const { t } = useTranslation();
  const counters = useAccount((state) => state.counters);
  const locale = currentLocale();
  const show = (value: number) => formatNumber(value, locale);
  useEffect(() => {
    blinkTitle.rest(counters.waiting > 0 ? `(${counters.waiting}) Aceno` : "Aceno");
    return () => blinkTitle.rest("Aceno");
  }, [counters.waiting]);
  return (
    <dl className={classes.counters} aria-label={t("shell.information")}>
      <div className={classes.figure} title={t("counters.browsing_full", { n: show(counters.browsing) })}>
        <dd data-testid="counter-browsing">{show(counters.browsing)}</dd>
        <dt>{t("counters.browsing")}</dt>
      </div>
      <div
        className={classes.figure}
        data-waiting={counters.waiting > 0 || undefined}
        title={t("counters.waiting_full", { n: show(counters.waiting) })}
      >
        <dd data-testid="counter-waiting">{show(counters.waiting)}</dd>
        <dt>
          {t("counters.waiting")}
          <span className={classes.wait}>
            {counters.waiting_since !== null && <Wait since={counters.waiting_since} />}
          </span>
        </dt>
      </div>
      <div className={classes.figure} title={t("counters.active_full", { n: show(counters.active) })}>
        <dd data-testid="counter-active">{show(counters.active)}</dd>
        <dt>{t("counters.active")}</dt>
      </div>
      <div
        className={classes.figure}
        title={t("counters.finished_full", { n: show(counters.finished), abandoned: show(counters.abandoned) })}
      >
        <dd data-testid="counter-finished">{show(counters.finished)}</dd>
        <dt>{t("counters.finished")}</dt>
      </div>
      <div className={classes.figure} data-abandoned={counters.abandoned > 0 || undefined}>
        <dd data-testid="counter-abandoned">{show(counters.abandoned)}</dd>
        <dt>{t("counters.abandoned")}</dt>
      </div>
    </dl>
  );
}

function Wait({ since }: { since: number }) {
  const { t } = useTranslation();
  const time = formatElapsed(useServerNow() - since);
  return <span title={t("counters.longest", { time })}>· {time}</span>;
}
