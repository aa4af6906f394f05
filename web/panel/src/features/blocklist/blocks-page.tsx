import "@/app/i18n/admin/index.ts";
import "@/app/theme/forms.ts";
import type { Block } from "@aceno/contract";
import { Alert, Button, Select, TextInput } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import { api } from "@/app/api.ts";
import { currentLocale } from "@/app/i18n/index.ts";
import { useAccount, usePermission, useServerNow, useServices } from "@/app/services.tsx";
import { AdminCard, AdminPage } from "@/features/admin/admin-page.tsx";
import { RecordList, StateMark } from "@/features/admin/record-list.tsx";
import { Dialog } from "@/shared/dialog.tsx";
import { explain } from "@/shared/explain.ts";
import { notify } from "@/shared/notify.ts";
import { BlockForm } from "./block-form.tsx";
import classes from "./blocks.module.css";

const blocksKey = ["blocks"];

/** Addresses whose visitors can't ask for contact (T226): the list, adding by hand, taking off. */
export function BlocksPage() {
  const { t } = useTranslation("admin");
  const { t: common } = useTranslation();
  const mayAdd = usePermission("visitor.block");
  const [text, setText] = useState("");
  const [shown, setShown] = useState<"standing" | "all">("standing");
  const [removing, setRemoving] = useState<Block | null>(null);
  const now = useServerNow();
  const blocks = useBlocks();
  const wanted = text.trim().toLowerCase();
  const listed = (blocks.data ?? []).filter(
    (block) =>
      (shown === "all" || !hasEnded(block, now)) && `${block.address} ${block.reason}`.toLowerCase().includes(wanted),
  );
  return (
    <AdminPage title={t("pages.blocks")} intro={t("blocks.intro")}>
      {mayAdd && (
        <AdminCard title={t("blocks.add")}>
          <BlockForm onAdded={() => void blocks.refetch()} />
        </AdminCard>
      )}
      {blocks.isError && (
        <Alert color="red" p="xs" role="alert">
          {explain(blocks.error, common)}{" "}
          <Button variant="subtle" size="compact-xs" onClick={() => void blocks.refetch()}>
            {common("common.retry")}
          </Button>
        </Alert>
      )}
      <div className={classes.filter}>
        <TextInput
          type="search"
          aria-label={t("blocks.search")}
          placeholder={t("blocks.search")}
          value={text}
          onChange={(event) => setText(event.currentTarget.value)}
        />
        <Select
          aria-label={t("blocks.show")}
          allowDeselect={false}
          value={shown}
          data={[
            { value: "standing", label: t("blocks.show_standing") },
            { value: "all", label: t("blocks.show_all") },
          ]}
          onChange={(value) => setShown(value === "all" ? "all" : "standing")}
        />
      </div>
      {blocks.isPending && <p role="status">{common("common.loading")}</p>}
      {blocks.data && <BlockList blocks={listed} now={now} onRemove={setRemoving} filtered={wanted !== ""} />}
      {removing && (
        <RemoveDialog block={removing} onClose={() => setRemoving(null)} onRemoved={() => void blocks.refetch()} />
      )}
    </AdminPage>
  );
}

/** The blocks, read again when somebody changes them. */
function useBlocks() {
  const { live } = useServices();
  const client = useQueryClient();
  useEffect(
    () =>
      live.onEvent(({ kind }) => {
        if (kind === "block.saved" || kind === "block.removed") void client.invalidateQueries({ queryKey: blocksKey });
      }),
    [live, client],
  );
  return useQuery({
    queryKey: blocksKey,
    queryFn: async ({ signal }) => (await api.blocks.list(signal)).blocks,
    staleTime: 0,
  });
}

function hasEnded(block: Block, now: number): boolean {
  return block.expires_at !== null && block.expires_at <= now;
}

interface BlockListProps {
  blocks: Block[];
  now: number;
  filtered: boolean;
  onRemove: (block: Block) => void;
}

function BlockList({ blocks, now, filtered, onRemove }: BlockListProps) {
  const { t } = useTranslation("admin");
  const agents = useAccount((state) => state.agents);
  const when = new Intl.DateTimeFormat(currentLocale(), { dateStyle: "short", timeStyle: "short" });
  const until = (block: Block) =>
    block.expires_at === null
      ? t("blocks.never")
      : t(hasEnded(block, now) ? "blocks.ended" : "blocks.until", { time: when.format(block.expires_at) });
  return (
    <RecordList
      label={t("pages.blocks")}
      records={blocks}
      keyOf={({ id }) => id}
      quiet={(block) => hasEnded(block, now)}
      empty={filtered ? t("blocks.no_match") : t("blocks.empty")}
      columns={[
        { id: "address", label: t("blocks.address"), cell: ({ address }) => <code>{address}</code> },
        { id: "reason", label: t("blocks.reason"), cell: ({ reason }) => reason },
        {
          id: "until",
          label: t("blocks.duration"),
          cell: (block) => <StateMark on={!hasEnded(block, now)}>{until(block)}</StateMark>,
        },
        { id: "by", label: t("blocks.by"), wide: true, cell: ({ agent_id }) => agents[agent_id]?.name ?? "" },
        { id: "at", label: t("blocks.at"), wide: true, cell: ({ created_at }) => when.format(created_at) },
        {
          id: "remove",
          label: t("form.actions"),
          cell: (block) => (
            <Button variant="default" size="compact-xs" onClick={() => onRemove(block)}>
              {t("blocks.remove")}
            </Button>
          ),
        },
      ]}
    />
  );
}

interface RemoveDialogProps {
  block: Block;
  onClose: () => void;
  onRemoved: () => void;
}

function RemoveDialog({ block, onClose, onRemoved }: RemoveDialogProps) {
  const { t } = useTranslation("admin");
  const { t: common } = useTranslation();
  const remove = useMutation({
    mutationFn: () => api.blocks.remove(block.id),
    onSuccess: () => {
      void notify({ id: "saved", message: t("blocks.removed", { address: block.address }) });
      onRemoved();
      onClose();
    },
  });
  return (
    <Dialog title={t("blocks.remove_title", { address: block.address })} onClose={onClose}>
      {remove.isError && (
        <Alert color="red" p="xs" mb="sm" role="alert">
          {explain(remove.error, common)}
        </Alert>
      )}
      <p className={classes.question}>{t("blocks.remove_text")}</p>
      <div className={classes.answers}>
        <Button variant="default" onClick={onClose} data-autofocus>
          {common("common.cancel")}
        </Button>
        <Button color="red" loading={remove.isPending} onClick={() => remove.mutate()}>
          {t("blocks.remove")}
        </Button>
      </div>
    </Dialog>
  );
}
