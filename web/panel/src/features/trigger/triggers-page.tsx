import "@/app/i18n/admin/index.ts";
import "@/app/i18n/trigger/index.ts";
import "@/app/theme/forms.ts";
import { Alert, Button } from "@mantine/core";
import { IconArrowLeft, IconPlus } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { api } from "@/app/api.ts";
import { AdminPage } from "@/features/admin/admin-page.tsx";
import { usePlace } from "@/features/admin/place.tsx";
import { explain } from "@/shared/explain.ts";
import { draftOf } from "./draft.ts";
import { TriggerEditor } from "./trigger-editor.tsx";
import { TriggerList } from "./trigger-list.tsx";

/** The rules that act by themselves (T210–T219): the list with what came of each, and the editor of one. */
export function TriggersPage() {
  const { t } = useTranslation("trigger");
  const { t: admin } = useTranslation("admin");
  const { t: common } = useTranslation();
  const place = usePlace();
  const list = useQuery({
    queryKey: ["triggers"],
    queryFn: ({ signal }) => api.triggers.list(signal),
    staleTime: 0,
    // The counters move; nobody types into this list.
    refetchInterval: place.item === null ? 10_000 : false,
  });
  const triggers = list.data?.triggers;
  const opened = triggers?.find(({ id }) => id === place.item);
  const edits = place.item === "new" || opened !== undefined;
  return (
    <AdminPage
      title={edits ? (opened?.name ?? t("edit.title_new")) : admin("pages.triggers")}
      {...(!edits && { intro: t("intro") })}
      actions={
        edits ? (
          <Button variant="default" leftSection={<IconArrowLeft size={15} />} onClick={() => place.go("triggers")}>
            {t("edit.back")}
          </Button>
        ) : (
          <Button leftSection={<IconPlus size={15} />} onClick={() => place.go("triggers", "new")}>
            {t("new")}
          </Button>
        )
      }
    >
      {list.isError && (
        <Alert color="red" p="xs">
          {t("failed")} {explain(list.error, common)}{" "}
          <Button variant="subtle" size="compact-xs" onClick={() => void list.refetch()}>
            {common("common.retry")}
          </Button>
        </Alert>
      )}
      {!triggers && !list.isError && <p role="status">{common("common.loading")}</p>}
      {place.item === "new" && <TriggerEditor key="new" />}
      {opened && (
        <TriggerEditor key={opened.id} trigger={opened} initial={draftOf(opened)} onReload={() => list.refetch()} />
      )}
      {!edits && triggers && <TriggerList triggers={triggers} />}
    </AdminPage>
  );
}
