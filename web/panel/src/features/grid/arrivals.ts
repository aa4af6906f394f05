import "@/app/i18n/grid/index.ts";
import type { GridFrame, GridRow, GridView } from "@aceno/contract";
import i18next from "i18next";
import { currentLocale } from "@/app/i18n/index.ts";
import type { Services } from "@/app/services.tsx";
import { countryName } from "@/shared/format.ts";
import { notify } from "@/shared/notify.ts";
import { noFilters, toView } from "./view-state.ts";

/** The newest visits, whoever they are. All panels that listen share this one view on the server. */
const newest: GridView = { ...toView(noFilters, []), sort: [{ by: "started_at", dir: "desc" }] };
/** More than this at once are one alert anyway. */
const heard = 10;

/** Tells who came since the last frame, the newest first. The first frame tells nobody: they were there already. */
export class Newcomers {
  private since: number | null = null;

  take(frame: Pick<GridFrame, "rows">): GridRow[] {
    const rows = frame.rows ?? [];
    const { since } = this;
    const latest = Math.max(since ?? 0, ...rows.map((row) => row.started_at));
    // An empty site is a beginning too: whoever comes then is new.
    this.since = latest;
    if (since === null) return [];
    return rows.filter((row) => row.started_at > since).sort((a, b) => b.started_at - a.started_at);
  }
}

/** Alerts of a new visitor, and of one who comes back, as the agent's preferences say (T098, P01). */
export function watchArrivals({ live, preferences, alerts }: Services): () => void {
  const newcomers = new Newcomers();
  const line = live.openGrid({ view: newest, offset: 0, length: heard }, (frame) => {
    const arrived = newcomers.take(frame);
    const { alert_new, alert_return } = preferences.get();
    const back = arrived.find((row) => row.visits > 1);
    const row = alert_return && back ? back : alert_new ? arrived[0] : undefined;
    if (!row || !live.getView().leading) return;
    const text = textOf(row);
    void notify({ id: "arrival", message: text, stays: 6_000 });
    alerts.announce("arrival", text);
  });
  return () => line.close();
}

function textOf(row: GridRow): string {
  const t = i18next.getFixedT(null, "grid");
  const place = [row.city, row.country && countryName(row.country, currentLocale())].filter(Boolean).join(", ");
  const name = row.name || row.email || i18next.t("grid.visitor_n", { n: row.n });
  const where = [place, row.page_title].filter(Boolean).join(" · ");
  return row.visits > 1 ? t("arrival.back", { name, visits: row.visits, where }) : t("arrival.new", { name, where });
}
