import "@/app/i18n/audit/index.ts";
import "@/app/theme/forms.ts";
import type { AuditAction, AuditEntry } from "@aceno/contract";
import { Alert, Button, Select } from "@mantine/core";
import { IconShieldCheck } from "@tabler/icons-react";
import { useInfiniteQuery, useMutation } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { api } from "@/app/api.ts";
import { currentLocale } from "@/app/i18n/index.ts";
import { useAccount } from "@/app/services.tsx";
import { AdminPage } from "@/features/admin/admin-page.tsx";
import { RecordList } from "@/features/admin/record-list.tsx";
import { explain } from "@/shared/explain.ts";
import { formatMoment } from "@/shared/format.ts";
import classes from "./audit.module.css";

const actions: readonly AuditAction[] = [
  "conversation.watched",
  "conversation.whispered",
  "conversation.joined",
  "conversation.taken_over",
  "conversation.transferred",
  "conversation.ended",
  "conversation.corrected",
  "session.ended",
  "sign_in.failed",
  "queue.reordered",
  "roulette.changed",
  "supervision.granted",
];

/** Who did what to others' work, and whether the log is what it was (B13). */
export function AuditPage() {
  const { t } = useTranslation("audit");
  const { t: admin } = useTranslation("admin");
  const { t: common } = useTranslation();
  const agents = useAccount((state) => state.agents);
  const [agent, setAgent] = useState<string | null>(null);
  const [action, setAction] = useState<string | null>(null);
  const log = useInfiniteQuery({
    queryKey: ["audit", agent, action],
    queryFn: ({ pageParam, signal }) =>
      api.audit.list({ agent_id: agent ?? "", action: action ?? "", before: pageParam }, signal),
    initialPageParam: 0,
    getNextPageParam: (page) => (page.more ? page.entries.at(-1)?.sequence : undefined),
    staleTime: 0,
  });
  const entries = log.data?.pages.flatMap((page) => page.entries);
  return (
    <AdminPage title={admin("pages.audit")} intro={t("intro")} actions={<Verify />}>
      <div className={classes.filters}>
        <Select
          aria-label={t("by")}
          placeholder={t("everybody")}
          clearable
          searchable
          value={agent}
          data={Object.values(agents).map(({ id, name }) => ({ value: id, label: name }))}
          onChange={setAgent}
        />
        <Select
          aria-label={t("what")}
          placeholder={t("everything")}
          clearable
          value={action}
          data={actions.map((value) => ({ value, label: t(`actions.${value}`) }))}
          onChange={setAction}
        />
      </div>
      {log.isError && (
        <Alert color="red" p="xs" role="alert">
          {t("failed")} {explain(log.error, common)}{" "}
          <Button variant="subtle" size="compact-xs" onClick={() => void log.refetch()}>
            {common("common.retry")}
          </Button>
        </Alert>
      )}
      {log.isPending && <p role="status">{common("common.loading")}</p>}
      {entries && <Entries entries={entries} />}
      {log.hasNextPage && (
        <Button variant="default" loading={log.isFetchingNextPage} onClick={() => void log.fetchNextPage()}>
          {t("more")}
        </Button>
      )}
    </AdminPage>
  );
}

function Entries({ entries }: { entries: AuditEntry[] }) {
  const { t } = useTranslation("audit");
  const locale = currentLocale();
  return (
    <RecordList
      label={t("what")}
      records={entries}
      keyOf={({ sequence }) => String(sequence)}
      empty={t("empty")}
      columns={[
        { id: "at", label: t("at"), cell: ({ at }) => formatMoment(at, locale) },
        { id: "by", label: t("by"), cell: ({ agent_name }) => agent_name || t("stranger") },
        { id: "what", label: t("what"), cell: ({ action, details }) => times(t(`actions.${action}`), details.count) },
        { id: "to", label: t("to"), cell: ({ subject }) => subject.name },
        { id: "address", label: t("address"), wide: true, cell: ({ address }) => address },
      ]}
    />
  );
}

/** What was done several times in a row is one entry with their number. */
function times(what: string, count?: string) {
  return count && count !== "1" ? `${what} (×${count})` : what;
}

function Verify() {
  const { t } = useTranslation("audit");
  const { t: common } = useTranslation();
  const check = useMutation({ mutationFn: () => api.audit.verify() });
  const { data } = check;
  return (
    <div className={classes.verify}>
      <Button
        variant="default"
        leftSection={<IconShieldCheck size={15} />}
        loading={check.isPending}
        onClick={() => check.mutate()}
      >
        {t("verify")}
      </Button>
      <div role="status" className={classes.result} data-broken={Boolean(data?.fault) || undefined}>
        {check.isError && explain(check.error, common)}
        {data?.fault && t("broken", { sequence: data.fault.sequence, reason: t(`reasons.${data.fault.reason}`) })}
        {data && !data.fault && data.entries === 0 && t("nothing")}
        {data && !data.fault && data.entries > 0 && (
          <>
            {t("intact", { count: data.entries })}
            <small>{t("head", { seal: data.head })}</small>
          </>
        )}
      </div>
    </div>
  );
}
