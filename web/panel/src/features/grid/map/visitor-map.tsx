import "@/app/i18n/grid/index.ts";
import type { GridView } from "@aceno/contract";
import { ActionIcon, Button } from "@mantine/core";
import { useElementSize } from "@mantine/hooks";
import { IconMinus, IconWorld, IconX } from "@tabler/icons-react";
import { useEffect, useMemo, useState } from "react";
import { useTranslation } from "react-i18next";
import { currentLocale } from "@/app/i18n/index.ts";
import { useServices } from "@/app/services.tsx";
import { countryName, formatNumber } from "@/shared/format.ts";
import { applyFrame, emptyWindow } from "../window.ts";
import { type Cluster, clustersOf, type Spot } from "./clusters.ts";
import classes from "./map.module.css";
import world from "./world.json";

const countries = world.countries as unknown as Record<string, [path: string, x: number, y: number]>;
/** What is shown of the drawing: nobody lives at its upper edge. */
const whole = { x: 0, y: 1150, width: world.width, height: world.height - 1150 };
/** The protocol's largest window: more than 200 countries at once are the smallest ones left out. */
const most = 200;
const deepest = whole.width / 12;

interface VisitorMapProps {
  /** Filters of the table; the map groups them by country. */
  view: GridView;
  onCountry: (code: string) => void;
  onClose: () => void;
}

/** Where the visitors of the view are (P01), live: counted by the server over everybody, drawn without asking anybody else. */
export function VisitorMap({ view, onCountry, onClose }: VisitorMapProps) {
  const { t } = useTranslation("grid");
  const window = useCountries(view);
  const [frame, setFrame] = useState(whole);
  const { ref, width, height } = useElementSize();
  const locale = currentLocale();
  const groups = [...window.groups.values()].filter(({ key }) => countries[key]);
  const known = groups.reduce((sum, { count }) => sum + count, 0);
  const counts = new Map(groups.map(({ key, count }) => [key, count]));
  const peak = Math.max(1, ...counts.values());
  // As `preserveAspectRatio` fits the drawing into the place it has.
  const scale = width > 0 ? Math.min(width / frame.width, height / frame.height) : 0;
  const left = (width - frame.width * scale) / 2;
  const top = (height - frame.height * scale) / 2;
  const spots: Spot[] = groups.map(({ key, count }) => {
    const [, x = 0, y = 0] = countries[key] ?? [];
    return { code: key, count, x: left + (x - frame.x) * scale, y: top + (y - frame.y) * scale };
  });
  const clusters =
    scale > 0 ? clustersOf(spots).filter(({ x, y }) => x >= 0 && y >= 0 && x <= width && y <= height) : [];
  const open = ({ spots: inside }: Cluster) => {
    const [only] = inside;
    if (only && (inside.length === 1 || frame.width <= deepest)) onCountry(only.code);
    else setFrame(frameAround(inside.map(({ code }) => code)));
  };
  return (
    <section className={classes.map} aria-label={t("map.label")}>
      <div className={classes.head}>
        <span>{t("map.known", { shown: formatNumber(known, locale), total: formatNumber(window.total, locale) })}</span>
        <span className={classes.dim}>{t("map.hint")}</span>
        {frame !== whole && (
          <Button
            variant="default"
            size="compact-xs"
            leftSection={<IconWorld size={13} />}
            onClick={() => setFrame(whole)}
          >
            {t("map.whole")}
          </Button>
        )}
        <ActionIcon
          size={24}
          aria-label={t("map.close")}
          title={t("map.close")}
          onClick={onClose}
          className={classes.close}
        >
          <IconX size={15} />
        </ActionIcon>
      </div>
      <div className={classes.place} ref={ref}>
        <Countries counts={counts} peak={peak} frame={frame} />
        <ul>
          {clusters.map((cluster) => (
            <li key={cluster.spots[0]?.code}>
              <button
                type="button"
                className={classes.circle}
                style={{ left: cluster.x, top: cluster.y, width: cluster.radius * 2, height: cluster.radius * 2 }}
                data-several={cluster.spots.length > 1 || undefined}
                aria-label={nameOf(cluster)}
                title={nameOf(cluster)}
                onClick={() => open(cluster)}
              >
                {formatNumber(cluster.count, locale)}
              </button>
            </li>
          ))}
        </ul>
        {window.loaded && known === 0 && (
          <p className={classes.empty}>
            <IconMinus size={14} aria-hidden /> {t("map.nobody")}
          </p>
        )}
      </div>
    </section>
  );

  function nameOf({ spots: inside, count }: Cluster): string {
    const formatted = formatNumber(count, locale);
    const [only] = inside;
    if (inside.length === 1 && only)
      return t("map.country", { count, formatted, name: countryName(only.code, locale) });
    const names = inside
      .slice(0, 6)
      .map(({ code, count: n }) => `${countryName(code, locale)} ${formatNumber(n, locale)}`);
    return `${t("map.cluster", { formatted, count: inside.length })}: ${names.join(", ")}`;
  }
}

/** The outlines; a country is darker the more visitors it has. Drawn anew only when a shade changes. */
function Countries({
  counts,
  peak,
  frame,
}: {
  counts: ReadonlyMap<string, number>;
  peak: number;
  frame: typeof whole;
}) {
  const shades = Object.keys(countries).map((code) =>
    Math.ceil((5 * Math.sqrt(counts.get(code) ?? 0)) / Math.sqrt(peak)),
  );
  const key = shades.join("");
  // biome-ignore lint/correctness/useExhaustiveDependencies: the key says all there is to know of the shades
  const paths = useMemo(
    () =>
      Object.entries(countries).map(([code, [path]], i) => (
        <path key={code} d={path} data-shade={shades[i] || undefined} />
      )),
    [key],
  );
  return (
    <svg className={classes.world} viewBox={`${frame.x} ${frame.y} ${frame.width} ${frame.height}`} aria-hidden>
      {paths}
    </svg>
  );
}

function useCountries(view: GridView) {
  const { live } = useServices();
  const [window, setWindow] = useState(emptyWindow);
  const wish = JSON.stringify({ ...view, group: "country", sort: [] });
  useEffect(() => {
    let held = emptyWindow;
    const asked = JSON.parse(wish) as GridView;
    const line = live.openGrid(
      { view: asked, offset: 0, length: most, groups: { open: false, except: [] } },
      (frame) => {
        held = applyFrame(held, frame, []);
        setWindow(held);
      },
    );
    return () => line.close();
  }, [live, wish]);
  return window;
}

/** What must be seen so that these countries lie apart, in the proportions of the whole. */
function frameAround(codes: readonly string[]): typeof whole {
  const places = codes.flatMap((code) => (countries[code] ? [countries[code]] : []));
  const xs = places.map(([, x]) => x);
  const ys = places.map(([, , y]) => y);
  const width = Math.max(
    deepest,
    (Math.max(...xs) - Math.min(...xs)) * 1.8,
    ((Math.max(...ys) - Math.min(...ys)) * 1.8 * whole.width) / whole.height,
  );
  const height = (width * whole.height) / whole.width;
  const x = (Math.max(...xs) + Math.min(...xs)) / 2;
  const y = (Math.max(...ys) + Math.min(...ys)) / 2;
  return { x: x - width / 2, y: y - height / 2, width, height };
}
