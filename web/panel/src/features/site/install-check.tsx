import type { GridFrame, GridRow, GridView, Site } from "@aceno/contract";
import { Button } from "@mantine/core";
import { IconCircleCheckFilled, IconExternalLink, IconLoader } from "@tabler/icons-react";
import { useNavigate } from "@tanstack/react-router";
import { useEffect, useMemo, useState } from "react";
import { useTranslation } from "react-i18next";
import { useServices } from "@/app/services.tsx";
import { noFilters, toView } from "@/features/grid/view-state.ts";
import { applyFrame, emptyWindow } from "@/features/grid/window.ts";
import classes from "./site.module.css";
import { addressOf, openable } from "./sites.ts";

interface Found {
  total: number;
  /** Who came last. */
  row: GridRow | null;
}

/** Who is on one site now, by the same live table the agents see. */
function useSiteVisitors(siteId: string): Found {
  const { live } = useServices();
  const [found, setFound] = useState<Found>({ total: 0, row: null });
  useEffect(() => {
    let held = emptyWindow;
    const view: GridView = {
      ...toView({ ...noFilters, site_ids: [siteId] }, []),
      sort: [{ by: "page_at", dir: "desc" }],
    };
    const onFrame = (frame: GridFrame) => {
      held = applyFrame(held, frame, []);
      const first = held.order[0];
      setFound({ total: held.total, row: first === undefined ? null : (held.rows.get(first) ?? null) });
    };
    const grid = live.openGrid({ view, offset: 0, length: 1 }, onFrame);
    return () => grid.close();
  }, [live, siteId]);
  return found;
}

/** Says, by itself and at once, when a page with the code was opened; until then, what to look at. */
export function InstallCheck({ site, code }: { site: Site; code: string }) {
  const { t } = useTranslation("admin");
  const navigate = useNavigate();
  const { total, row } = useSiteVisitors(site.id);
  const domain = openable(site);
  const origin = useMemo(() => /src="(https?:\/\/[^/"]+)/.exec(code)?.[1] ?? window.location.origin, [code]);
  const installed = total > 0;
  return (
    <>
      <div className={classes.check} role="status" data-found={installed || undefined}>
        {installed ? <IconCircleCheckFilled size={20} aria-hidden /> : <IconLoader size={20} aria-hidden />}
        <div>
          <b>{installed ? t("start.check_found") : t("start.check_waiting")}</b>
          <p className={classes.text}>
            {installed ? t("start.check_found_text", { count: total }) : t("start.check_waiting_text")}
          </p>
          {row && (
            <p className={classes.page}>
              {row.page_title} <span>{row.page_url}</span>
            </p>
          )}
        </div>
      </div>
      <div className={classes.row}>
        {domain !== null && (
          <Button
            component="a"
            href={addressOf(domain)}
            target="_blank"
            rel="noopener noreferrer"
            variant="default"
            rightSection={<IconExternalLink size={14} />}
          >
            {t("start.open_site", { domain })}
          </Button>
        )}
        {installed && (
          <Button variant="default" onClick={() => void navigate({ to: "/" })}>
            {t("start.to_panel")}
          </Button>
        )}
      </div>
      {!installed && (
        <details className={classes.help}>
          <summary>{t("start.help")}</summary>
          <ul>
            <li>{t("start.help_cache")}</li>
            <li>{t("start.help_domain")}</li>
            <li>
              {t("start.help_csp", {
                script: `script-src ${origin}`,
                connect: `connect-src ${origin} ${origin.replace(/^http/, "ws")}`,
              })}
            </li>
            <li>{t("start.help_blocker")}</li>
          </ul>
        </details>
      )}
    </>
  );
}
