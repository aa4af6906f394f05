import "@/app/i18n/admin/index.ts";
import "@/app/i18n/outreach/index.ts";
import { Button } from "@mantine/core";
import { IconArrowLeft } from "@tabler/icons-react";
import { useNavigate, useParams } from "@tanstack/react-router";
import { type ComponentType, type LazyExoticComponent, lazy, Suspense, useEffect, useMemo, useRef } from "react";
import { useTranslation } from "react-i18next";
import { useAccount } from "@/app/services.tsx";
import { LinkNotice } from "@/app/shell/link-notice.tsx";
import { Counters } from "@/features/counters/counters.tsx";
import { InviteAccepted } from "@/features/outreach/invite-accepted.tsx";
import { Profile } from "@/features/session/profile.tsx";
import { Logo } from "@/shared/logo.tsx";
import classes from "./admin.module.css";
import { adminGroups, adminPages, permittedPages } from "./pages.ts";
import { type Place, PlaceLink, PlaceProvider } from "./place.tsx";

const components = new Map<string, LazyExoticComponent<ComponentType>>(
  adminPages.map(({ id, load }) => [id, lazy(async () => ({ default: await load() }))]),
);

const route = "/admin/{-$page}/{-$item}/{-$tab}";

/** The administrator's side of the application (T180): a page per subject, each only for who has its permission. */
export function AdminArea() {
  const params = useParams({ strict: false });
  const navigate = useNavigate();
  const permissions = useAccount((state) => state.me.permissions);
  const pages = useMemo(() => permittedPages(permissions), [permissions]);
  const wanted = params.page ?? pages[0]?.id ?? "";
  const { item = null, tab = null } = params;
  const place = useMemo<Place>(
    () => ({
      page: wanted,
      item,
      tab,
      go: (page, nextItem, nextTab) =>
        void navigate({
          to: route,
          params: { page, item: nextItem ?? undefined, tab: nextTab ?? undefined },
        }),
    }),
    [wanted, item, tab, navigate],
  );
  return (
    <PlaceProvider value={place}>
      <div className={classes.area}>
        <Head />
        <Navigation pages={pages} current={wanted} />
        <Content key={wanted} page={pages.some(({ id }) => id === wanted) ? wanted : null} />
      </div>
    </PlaceProvider>
  );
}

function Head() {
  const { t } = useTranslation("admin");
  const navigate = useNavigate();
  const toPanel = () => void navigate({ to: "/" });
  const unanswered = useAccount(
    (state) => Object.values(state.conversations).filter((each) => each.unanswered_since !== null).length,
  );
  return (
    <header className={classes.top}>
      <a className={classes.skip} href="#admin-content">
        {t("area.skip")}
      </a>
      <div className={classes.brand}>
        <Logo />
      </div>
      <Counters />
      <span className={classes.space} />
      <LinkNotice />
      <Profile />
      <InviteAccepted onTaken={toPanel} />
      <Button
        className={classes.back}
        variant="default"
        leftSection={<IconArrowLeft size={15} />}
        onClick={toPanel}
        rightSection={
          unanswered > 0 ? (
            <span className={classes.badge} title={t("area.unanswered", { count: unanswered })}>
              {unanswered}
            </span>
          ) : undefined
        }
      >
        {t("area.back")}
      </Button>
    </header>
  );
}

function Navigation({ pages, current }: { pages: ReturnType<typeof permittedPages>; current: string }) {
  const { t } = useTranslation("admin");
  const groups = adminGroups
    .map((group) => ({ group, items: pages.filter((page) => page.group === group) }))
    .filter(({ items }) => items.length > 0);
  const nav = useRef<HTMLElement>(null);
  // On a phone the pages stand in a row that is longer than the screen.
  // biome-ignore lint/correctness/useExhaustiveDependencies: the link is looked for again when the page changes
  useEffect(() => {
    nav.current?.querySelector("[aria-current]")?.scrollIntoView({ block: "nearest", inline: "nearest" });
  }, [current]);
  return (
    <nav className={classes.nav} aria-label={t("area.title")} ref={nav}>
      <h1 className={classes.area_title}>{t("area.title")}</h1>
      {groups.map(({ group, items }) => (
        <div key={group} className={classes.group}>
          <h2>{t(`groups.${group}`)}</h2>
          <ul>
            {items.map(({ id, icon: Icon }) => (
              <li key={id}>
                <PlaceLink page={id} className={classes.link} current={id === current}>
                  <Icon size={16} stroke={1.7} />
                  {t(`pages.${id}`)}
                </PlaceLink>
              </li>
            ))}
          </ul>
        </div>
      ))}
    </nav>
  );
}

function Content({ page }: { page: string | null }) {
  const { t } = useTranslation("admin");
  const { t: common } = useTranslation();
  const main = useRef<HTMLElement>(null);
  const Page = page === null ? undefined : components.get(page);
  useEffect(() => main.current?.focus({ preventScroll: true }), []);
  return (
    <main id="admin-content" className={classes.main} ref={main} tabIndex={-1}>
      {Page ? (
        <Suspense fallback={<p role="status">{common("common.loading")}</p>}>
          <Page />
        </Suspense>
      ) : (
        <p className={classes.nothing} role="alert">
          {t("area.forbidden")}
        </p>
      )}
    </main>
  );
}
