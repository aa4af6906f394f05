import "@/app/i18n/admin/index.ts";
import "@/app/i18n/lead/index.ts";
import "@/app/theme/forms.ts";
import type { Lead, LeadPage } from "@aceno/contract";
import { Alert, Button, Select } from "@mantine/core";
import { IconBolt } from "@tabler/icons-react";
import { useInfiniteQuery, useMutation, useQueryClient } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import { api } from "@/app/api.ts";
import { currentLocale } from "@/app/i18n/index.ts";
import { useAccount, useServices } from "@/app/services.tsx";
import { AdminCard, AdminPage } from "@/features/admin/admin-page.tsx";
import { usePlace } from "@/features/admin/place.tsx";
import { RecordList } from "@/features/admin/record-list.tsx";
import { byName } from "@/features/site/sites.ts";
import { Dialog } from "@/shared/dialog.tsx";
import { explain } from "@/shared/explain.ts";
import { formatMoment, pathOf } from "@/shared/format.ts";
import { notify } from "@/shared/notify.ts";
import classes from "./leads.module.css";

/** Days the list looks back; 0 is since the beginning. */
const periods = [7, 30, 90, 0] as const;
const day = 86_400_000;

/** Visitors whom rules marked as leads, and who brought them (P01). */
export function LeadsPage() {
  const { t } = useTranslation("lead");
  const { t: admin } = useTranslation("admin");
  const { t: common } = useTranslation();
  const place = usePlace();
  const sites = byName(useAccount((state) => state.sites));
  const [days, setDays] = useState<number>(30);
  const [site, setSite] = useState("");
  const [removing, setRemoving] = useState<Lead | null>(null);
  const list = useLeads(days, site);
  const leads = list.data?.pages.flatMap((page) => page.leads);
  const first = list.data?.pages[0];
  return (
    <AdminPage
      title={admin("pages.leads")}
      intro={t("intro")}
      actions={
        <Button variant="default" leftSection={<IconBolt size={15} />} onClick={() => place.go("triggers")}>
          {t("rules")}
        </Button>
      }
    >
      <div className={classes.filters}>
        <Select
          aria-label={t("period")}
          allowDeselect={false}
          value={String(days)}
          data={periods.map((value) => ({
            value: String(value),
            label: value === 0 ? t("always") : t("days", { count: value }),
          }))}
          onChange={(value) => setDays(Number(value))}
        />
        {sites.length > 1 && (
          <Select
            aria-label={t("site")}
            placeholder={t("every_site")}
            clearable
            value={site || null}
            data={sites.map(({ id, name }) => ({ value: id, label: name }))}
            onChange={(value) => setSite(value ?? "")}
          />
        )}
      </div>
      {list.isError && (
        <Alert color="red" p="xs" role="alert">
          {explain(list.error, common)}{" "}
          <Button variant="subtle" size="compact-xs" onClick={() => void list.refetch()}>
            {common("common.retry")}
          </Button>
        </Alert>
      )}
      {list.isPending && <p role="status">{common("common.loading")}</p>}
      {first && first.total > 0 && <Origins page={first} />}
      {leads && <LeadList leads={leads} onRemove={setRemoving} />}
      {list.hasNextPage && (
        <Button variant="default" loading={list.isFetchingNextPage} onClick={() => void list.fetchNextPage()}>
          {t("more")}
        </Button>
      )}
      {removing && <RemoveDialog lead={removing} onClose={() => setRemoving(null)} />}
    </AdminPage>
  );
}

/** The leads, read again when a rule marks somebody. */
function useLeads(days: number, site: string) {
  const { live } = useServices();
  const client = useQueryClient();
  useEffect(
    () =>
      live.onEvent(({ kind }) => {
        if (kind === "lead.marked" || kind === "lead.removed") void client.invalidateQueries({ queryKey: ["leads"] });
      }),
    [live, client],
  );
  return useInfiniteQuery({
    queryKey: ["leads", days, site],
    queryFn: ({ pageParam, signal }) =>
      api.leads.list(
        {
          ...(days > 0 && { since: Date.now() - days * day }),
          ...(site && { site_id: site }),
          ...(pageParam && { before: pageParam }),
        },
        signal,
      ),
    initialPageParam: "",
    getNextPageParam: (page) => (page.more ? page.leads.at(-1)?.id : undefined),
    staleTime: 0,
  });
}

/** Who brought the leads of the period at their first visit: a bar for each, its share of all in words and length. */
function Origins({ page }: { page: LeadPage }) {
  const { t } = useTranslation("lead");
  const { t: common } = useTranslation();
  const number = new Intl.NumberFormat(currentLocale());
  const percent = new Intl.NumberFormat(currentLocale(), { style: "percent", maximumFractionDigits: 0 });
  return (
    <AdminCard title={t("origins")}>
      <p className={classes.total}>{t("total", { count: page.total, formatted: number.format(page.total) })}</p>
      <ul className={classes.origins}>
        {page.origins.map(({ referrer_kind, referrer_name, count }) => (
          <li key={`${referrer_kind} ${referrer_name}`}>
            <span className={classes.origin}>
              {referrer_name || common(`grid.origins.${referrer_kind}`)}
              {referrer_name && <small>{common(`grid.origins.${referrer_kind}`)}</small>}
            </span>
            <progress max={page.total} value={count} aria-hidden />
            <span className={classes.share}>
              {number.format(count)} · {percent.format(count / page.total)}
            </span>
          </li>
        ))}
      </ul>
    </AdminCard>
  );
}

function LeadList({ leads, onRemove }: { leads: Lead[]; onRemove: (lead: Lead) => void }) {
  const { t } = useTranslation("lead");
  const { t: common } = useTranslation();
  const { t: admin } = useTranslation("admin");
  const locale = currentLocale();
  const when = new Intl.DateTimeFormat(locale, { dateStyle: "short", timeStyle: "short" });
  const nameOf = useNameOf();
  return (
    <RecordList
      label={admin("pages.leads")}
      records={leads}
      keyOf={({ id }) => id}
      empty={t("empty")}
      columns={[
        {
          id: "at",
          label: t("at"),
          cell: ({ marked_at }) => <time title={formatMoment(marked_at, locale)}>{when.format(marked_at)}</time>,
        },
        {
          id: "visitor",
          label: t("visitor"),
          cell: (lead) => <span title={lead.email || undefined}>{nameOf(lead)}</span>,
        },
        { id: "rule", label: t("rule"), wide: true, cell: ({ trigger_name }) => trigger_name },
        {
          id: "first",
          label: t("first"),
          cell: ({ first }) => (
            <span title={t("first_at", { at: formatMoment(first.at, locale) })}>
              {first.referrer_name || common(`grid.origins.${first.referrer_kind}`)}
            </span>
          ),
        },
        {
          id: "page",
          label: t("page"),
          wide: true,
          cell: ({ page_url }) => (
            <span className={classes.address} title={page_url}>
              {pathOf(page_url)}
            </span>
          ),
        },
        {
          id: "remove",
          label: "",
          cell: (lead) => (
            <Button
              variant="subtle"
              size="compact-xs"
              aria-label={t("remove_of", { name: nameOf(lead) })}
              onClick={() => onRemove(lead)}
            >
              {t("remove")}
            </Button>
          ),
        },
      ]}
    />
  );
}

function RemoveDialog({ lead, onClose }: { lead: Lead; onClose: () => void }) {
  const { t } = useTranslation("lead");
  const { t: common } = useTranslation();
  const client = useQueryClient();
  const nameOf = useNameOf();
  const remove = useMutation({
    mutationFn: () => api.leads.remove(lead.id),
    onSuccess: () => {
      void notify({ id: "lead", message: t("removed") });
      onClose();
    },
    onSettled: () => client.invalidateQueries({ queryKey: ["leads"] }),
  });
  return (
    <Dialog title={t("remove")} size="sm" onClose={onClose}>
      <p>{t("remove_sure", { name: nameOf(lead) })}</p>
      {remove.isError && (
        <Alert color="red" p="xs" role="alert">
          {explain(remove.error, common)}
        </Alert>
      )}
      <div className={classes.answers}>
        <Button color="red" loading={remove.isPending} onClick={() => remove.mutate()}>
          {t("remove")}
        </Button>
        <Button variant="default" data-autofocus onClick={onClose}>
          {common("common.cancel")}
        </Button>
      </div>
    </Dialog>
  );
}

/** Name, else e-mail, else the number, as the grid says it. */
function useNameOf(): (lead: Lead) => string {
  const { t } = useTranslation();
  return ({ name, email, number }) => name || email || t("grid.visitor_n", { n: number });
}
