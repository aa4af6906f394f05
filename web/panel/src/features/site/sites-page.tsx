import "@/app/i18n/admin/index.ts";
import "@/app/theme/forms.ts";
import type { Site } from "@aceno/contract";
import { Button } from "@mantine/core";
import { IconArrowLeft, IconPlus } from "@tabler/icons-react";
import { type ComponentType, type LazyExoticComponent, lazy, Suspense } from "react";
import { useTranslation } from "react-i18next";
import { languageNames } from "@/app/i18n/names.ts";
import { useAccount } from "@/app/services.tsx";
import { AdminPage } from "@/features/admin/admin-page.tsx";
import { PlaceLink, usePlace } from "@/features/admin/place.tsx";
import { RecordList, StateMark } from "@/features/admin/record-list.tsx";
import { SiteForm } from "./site-form.tsx";
import { siteTabs } from "./site-tabs.ts";
import { byName } from "./sites.ts";
import classes from "./sites-page.module.css";

const tabs = new Map<string, LazyExoticComponent<ComponentType<{ site: Site }>>>(
  siteTabs.map(({ id, load }) => [id, lazy(async () => ({ default: await load() }))]),
);

/** The monitored sites of the account, and everything that can be set of one. */
export function SitesPage() {
  const { item } = usePlace();
  const sites = useAccount((state) => state.sites);
  if (item === "new") return <SiteForm site={null} />;
  const site = item === null ? undefined : sites[item];
  return site ? <OneSite key={site.id} site={site} /> : <SiteList sites={byName(sites)} />;
}

function SiteList({ sites }: { sites: Site[] }) {
  const { t } = useTranslation("admin");
  const { go } = usePlace();
  const add = (
    <Button leftSection={<IconPlus size={15} />} onClick={() => go("sites", "new")}>
      {t("sites.add")}
    </Button>
  );
  return (
    <AdminPage title={t("pages.sites")} intro={t("sites.intro")} actions={add}>
      <RecordList
        label={t("pages.sites")}
        records={sites}
        keyOf={({ id }) => id}
        quiet={({ active }) => !active}
        empty={t("sites.empty")}
        columns={[
          {
            id: "name",
            label: t("sites.name"),
            cell: ({ id, name }) => (
              <PlaceLink page="sites" item={id}>
                {name}
              </PlaceLink>
            ),
          },
          {
            id: "domains",
            label: t("start.domains_label"),
            wide: true,
            cell: ({ allowed_domains }) => allowed_domains.join(", "),
          },
          { id: "key", label: t("start.key"), wide: true, cell: ({ key }) => <code>{key}</code> },
          {
            id: "language",
            label: t("sites.language"),
            wide: true,
            cell: ({ language }) => languageNames[language],
          },
          {
            id: "state",
            label: t("form.state"),
            cell: ({ active }) => <StateMark on={active}>{t(active ? "form.active" : "form.inactive")}</StateMark>,
          },
        ]}
      />
    </AdminPage>
  );
}

function OneSite({ site }: { site: Site }) {
  const { t } = useTranslation("admin");
  const { t: common } = useTranslation();
  const { tab } = usePlace();
  const current = tab !== null && tabs.has(tab) ? tab : "general";
  const Tab = tabs.get(current);
  return (
    <div className={classes.site}>
      <PlaceLink page="sites" className={classes.back}>
        <IconArrowLeft size={14} aria-hidden />
        {t("pages.sites")}
      </PlaceLink>
      <h2>{site.name}</h2>
      {siteTabs.length > 1 && (
        <nav className={classes.tabs} aria-label={site.name}>
          {siteTabs.map(({ id }) => (
            <PlaceLink key={id} page="sites" item={site.id} tab={id} className={classes.tab} current={id === current}>
              {t(`site_tabs.${id}`)}
            </PlaceLink>
          ))}
        </nav>
      )}
      <Suspense fallback={<p role="status">{common("common.loading")}</p>}>{Tab && <Tab site={site} />}</Suspense>
    </div>
  );
}
