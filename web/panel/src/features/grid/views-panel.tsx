import "@/app/i18n/grid/index.ts";
import "@/app/theme/forms.ts";
import type { SavedView } from "@aceno/contract";
import { ActionIcon, Alert, Button, Checkbox, Divider, Group, Stack, TextInput } from "@mantine/core";
import { IconCheck, IconDeviceFloppy, IconDownload, IconMap2, IconTrash, IconUsers } from "@tabler/icons-react";
import { useMutation, useQuery } from "@tanstack/react-query";
import { type FormEvent, useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import { api } from "@/app/api.ts";
import { currentLanguage } from "@/app/i18n/index.ts";
import { queryClient } from "@/app/query.ts";
import { useAccount, usePermission, usePreferences, useServices } from "@/app/services.tsx";
import { AnchoredPanel } from "@/shared/anchored.tsx";
import { explain } from "@/shared/explain.ts";
import { notify } from "@/shared/notify.ts";
import { type ColumnId, columnSpecs } from "./columns.tsx";
import classes from "./grid.module.css";
import { arrangementOf, exportFields } from "./saved-view.ts";
import { chosenColumns } from "./table.ts";
import { type Filters, noFilters, toView } from "./view-state.ts";

const nameMax = 60;

interface ViewsPanelProps {
  filters: Filters;
  onFilters: (filters: Filters) => void;
  onMap: () => void;
  onClose: () => void;
}

/** Saved views, one's own and shared ones; the map; the export of what is on the screen (P01). */
export function ViewsPanel({ filters, onFilters, onMap, onClose }: ViewsPanelProps) {
  const { t } = useTranslation("grid");
  const { t: common } = useTranslation();
  const { live, preferences } = useServices();
  const { grid_sort: sort, grid_columns } = usePreferences();
  const me = useAccount((state) => state.me.agent.id);
  const supervises = usePermission("supervision.all");
  const mayExport = usePermission("visitor.export");
  const views = useQuery({
    queryKey: ["grid-views"],
    queryFn: ({ signal }) => api.grid.views(signal),
    staleTime: 0,
  });
  const present = () => ({ view: toView(filters, sort), columns: chosenColumns(grid_columns) as string[] });
  const renew = () => queryClient.invalidateQueries({ queryKey: ["grid-views"] });
  useEffect(
    () =>
      live.onEvent((event) => {
        if (event.kind === "grid.views_changed") void queryClient.invalidateQueries({ queryKey: ["grid-views"] });
      }),
    [live],
  );
  const tell = (message: string) => void notify({ message, stays: 2_000 });
  const fail = (error: unknown) => void notify({ tone: "error", message: explain(error, common) });
  const save = useMutation({
    mutationFn: (change: { name: string; shared: boolean; id?: string }) =>
      api.grid.saveView({ name: change.name, shared: change.shared, ...present() }, change.id),
    onSuccess: (_, { id }) => {
      tell(t(id === undefined ? "views.saved" : "views.replaced"));
      return renew();
    },
    onError: fail,
  });
  const remove = useMutation({ mutationFn: api.grid.removeView, onSuccess: renew, onError: fail });
  const download = useMutation({
    mutationFn: () => {
      const columns = exportFields(chosenColumns(grid_columns)).map((field) => ({ field, title: titleOf(field) }));
      const separator = currentLanguage() === "en" ? ("comma" as const) : ("semicolon" as const);
      return api.grid.exportVisitors({ view: toView(filters, sort), columns, separator });
    },
    onSuccess: (file) => {
      keep(file, `${t("views.file")}-${new Date().toISOString().slice(0, 16).replace(/[:T]/g, "-")}.csv`);
      tell(t("views.exported"));
    },
    onError: fail,
  });
  /** The heading of the column that shows the field. */
  const titleOf = (field: string): string => {
    const shown: Record<string, ColumnId> = { page_title: "page", entry_title: "entry", referrer_name: "origin" };
    const own = [...columnSpecs.values()].find((each) => each.id === field || each.sort?.by === field);
    const id = shown[field] ?? own?.id;
    return field === "n" ? t("views.number") : id ? common(`grid.cols.${id}`) : field;
  };
  const use = (view: SavedView | null) => {
    const {
      filters: next,
      sort: order,
      columns,
    } = view ? arrangementOf(view) : { filters: noFilters, sort: [], columns: null };
    onFilters(next);
    preferences.update(columns ? { grid_sort: order, grid_columns: columns } : { grid_sort: order });
    onClose();
  };
  const list = views.data?.views ?? [];
  const part = (title: string, items: readonly SavedView[]) =>
    items.length > 0 && (
      <>
        <p className={classes.columnsHint}>{title}</p>
        <ul>
          {items.map((view) => (
            <ViewLine
              key={view.id}
              view={view}
              mine={view.agent_id === me}
              removable={view.agent_id === me || (view.shared && supervises)}
              onUse={() => use(view)}
              onReplace={() => save.mutate({ id: view.id, name: view.name, shared: view.shared })}
              onRemove={() => remove.mutate(view.id)}
            />
          ))}
        </ul>
      </>
    );
  return (
    <AnchoredPanel onClose={onClose} width={310} label={t("views.title")}>
      <div className={classes.columns}>
        <Group gap={6} grow>
          <Button variant="default" size="xs" leftSection={<IconMap2 size={14} />} onClick={onMap}>
            {t("map.title")}
          </Button>
          {mayExport && (
            <Button
              variant="default"
              size="xs"
              leftSection={<IconDownload size={14} />}
              loading={download.isPending}
              onClick={() => download.mutate()}
            >
              {t("views.export")}
            </Button>
          )}
        </Group>
        {views.isError && (
          <Alert color="red" p="xs">
            {t("views.failed")} {explain(views.error, common)}
          </Alert>
        )}
        <Button variant="subtle" size="xs" justify="start" onClick={() => use(null)}>
          {t("views.standard")}
        </Button>
        {part(
          t("views.own"),
          list.filter((view) => view.agent_id === me),
        )}
        {part(
          t("views.shared"),
          list.filter((view) => view.agent_id !== me),
        )}
        {views.isSuccess && list.length === 0 && <p className={classes.columnsHint}>{t("views.none")}</p>}
        <Divider />
        <NewView busy={save.isPending} onSave={(name, shared) => save.mutateAsync({ name, shared })} />
      </div>
    </AnchoredPanel>
  );
}

interface ViewLineProps {
  view: SavedView;
  mine: boolean;
  removable: boolean;
  onUse: () => void;
  onReplace: () => void;
  onRemove: () => void;
}

function ViewLine({ view, mine, removable, onUse, onReplace, onRemove }: ViewLineProps) {
  const { t } = useTranslation("grid");
  const [asked, setAsked] = useState(false);
  const { name } = view;
  return (
    <li>
      <Button variant="subtle" size="xs" justify="start" onClick={onUse}>
        <span className={classes.cut}>{name}</span>
        {view.shared && <IconUsers size={12} aria-label={t("views.shared")} />}
      </Button>
      {mine && !asked && (
        <ActionIcon
          size={24}
          aria-label={t("views.replace", { name })}
          title={t("views.replace", { name })}
          onClick={onReplace}
        >
          <IconDeviceFloppy size={14} />
        </ActionIcon>
      )}
      {removable && !asked && (
        <ActionIcon
          size={24}
          aria-label={t("views.remove", { name })}
          title={t("views.remove", { name })}
          onClick={() => setAsked(true)}
        >
          <IconTrash size={14} />
        </ActionIcon>
      )}
      {asked && (
        <Button
          size="compact-xs"
          color="red"
          variant="light"
          leftSection={<IconCheck size={12} />}
          onClick={onRemove}
          onBlur={() => setAsked(false)}
          autoFocus
        >
          {t("views.confirm")}
        </Button>
      )}
    </li>
  );
}

function NewView({ busy, onSave }: { busy: boolean; onSave: (name: string, shared: boolean) => Promise<unknown> }) {
  const { t } = useTranslation("grid");
  const [name, setName] = useState("");
  const [shared, setShared] = useState(false);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (name.trim() === "") return;
    onSave(name, shared).then(
      () => setName(""),
      () => {}, // told already
    );
  };
  return (
    <form onSubmit={submit}>
      <Stack gap={6}>
        <TextInput
          size="xs"
          label={t("views.save")}
          description={t("views.what")}
          placeholder={t("views.name")}
          value={name}
          maxLength={nameMax}
          onChange={(event) => setName(event.currentTarget.value)}
        />
        <Group gap={6} justify="space-between">
          <Checkbox
            size="xs"
            label={t("views.share")}
            checked={shared}
            onChange={(event) => setShared(event.currentTarget.checked)}
          />
          <Button type="submit" size="xs" loading={busy} disabled={name.trim() === ""}>
            {t("views.save_button")}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}

/** Hands a file to the browser's downloads. */
function keep(file: Blob, name: string): void {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(file);
  link.download = name;
  link.click();
  // The browser has taken the address over by the next task.
  window.setTimeout(() => URL.revokeObjectURL(link.href), 0);
}
