import "@/app/i18n/admin/index.ts";
import "@/app/i18n/routing/index.ts";
import "@/app/theme/forms.ts";
import { Alert, Button } from "@mantine/core";
import { IconArrowLeft, IconPlus } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { api } from "@/app/api.ts";
import { AdminPage } from "@/features/admin/admin-page.tsx";
import { usePlace } from "@/features/admin/place.tsx";
import { explain } from "@/shared/explain.ts";
import { draftOf } from "./rule.ts";
import { RuleEditor } from "./rule-editor.tsx";
import { RuleList } from "./rule-list.tsx";

/** The rules that give visitors in the queue a priority and needed skills (P02): the list in its order, and the editor of one. */
export function RoutingPage() {
  const { t } = useTranslation("routing");
  const { t: admin } = useTranslation("admin");
  const { t: common } = useTranslation();
  const place = usePlace();
  const list = useQuery({
    queryKey: ["routing-rules"],
    queryFn: ({ signal }) => api.routing.list(signal),
    staleTime: 0,
  });
  const rules = list.data?.rules;
  const opened = rules?.find(({ id }) => id === place.item);
  const edits = place.item === "new" || opened !== undefined;
  return (
    <AdminPage
      title={edits ? (opened?.name ?? t("edit.title_new")) : admin("pages.routing")}
      {...(!edits && { intro: t("intro") })}
      actions={
        edits ? (
          <Button variant="default" leftSection={<IconArrowLeft size={15} />} onClick={() => place.go("routing")}>
            {t("edit.back")}
          </Button>
        ) : (
          <Button leftSection={<IconPlus size={15} />} onClick={() => place.go("routing", "new")}>
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
      {!rules && !list.isError && <p role="status">{common("common.loading")}</p>}
      {place.item === "new" && <RuleEditor key="new" />}
      {opened && (
        <RuleEditor
          key={`${opened.id}/${opened.version}`}
          rule={opened}
          initial={draftOf(opened)}
          onReload={() => list.refetch()}
        />
      )}
      {!edits && rules && <RuleList rules={rules} />}
    </AdminPage>
  );
}
