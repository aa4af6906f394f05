import type { PageView } from "@aceno/contract";
import { useTranslation } from "react-i18next";
import { currentLocale } from "@/app/i18n/index.ts";
import { useServerNow } from "@/app/services.tsx";
import { formatElapsed, formatMoment, formatTime, pathOf, safeHref } from "@/shared/format.ts";
import classes from "./visit.module.css";

/** The pages of a visit, newest first, with the time on each (T047). */
export function Trail({ pages, gone }: { pages: readonly PageView[]; gone: boolean }) {
  const { t } = useTranslation();
  const locale = currentLocale();
  return (
    <div className={classes.trail}>
      <h3>{t("visit.trail")}</h3>
      {pages.length === 0 && <p className={classes.dim}>{t("visit.trail_empty")}</p>}
      <ol>
        {pages.map((page, index) => {
          const href = safeHref(page.url);
          const here = index === 0 && page.left_at === null && !gone;
          const text = (
            <>
              {page.title || pathOf(page.url)} {page.title && <span className={classes.dim}>{pathOf(page.url)}</span>}
            </>
          );
          return (
            <li key={`${page.at} ${page.url}`} data-here={here || undefined}>
              <time title={formatMoment(page.at, locale)}>{formatTime(page.at, locale)}</time>
              <span className={classes.page} title={page.url}>
                {href ? (
                  <a href={href} target="_blank" rel="noreferrer noopener">
                    {text}
                  </a>
                ) : (
                  text
                )}
              </span>
              <span className={classes.spent}>
                {page.left_at !== null ? formatElapsed(page.left_at - page.at) : here && <Here since={page.at} />}
              </span>
            </li>
          );
        })}
      </ol>
    </div>
  );
}

function Here({ since }: { since: number }) {
  return formatElapsed(useServerNow() - since);
}
