import "@/app/i18n/admin/index.ts";
import "@/app/i18n/templates/index.ts";
import "@/app/theme/forms.ts";
import type { OutreachTemplate } from "@aceno/contract";
import { Alert, Button } from "@mantine/core";
import { IconPlus } from "@tabler/icons-react";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect } from "react";
import { useTranslation } from "react-i18next";
import { api } from "@/app/api.ts";
import { useServices } from "@/app/services.tsx";
import { AdminPage } from "@/features/admin/admin-page.tsx";
import { PlaceLink, usePlace } from "@/features/admin/place.tsx";
import { RecordList, StateMark } from "@/features/admin/record-list.tsx";
import { explain } from "@/shared/explain.ts";
import { RulesForm } from "./rules-form.tsx";
import { TemplateForm } from "./template-form.tsx";
import classes from "./templates.module.css";
import { spokenIn, type TemplateKind } from "./values.ts";

const templatesKey = ["outreach", "templates", "all"];

/** Invites and promotions (T207–T209). /admin/templates/new/<kind> makes one, …/new/<id> one like another. */
export function TemplatesPage() {
  const { t: common } = useTranslation();
  const { item, tab } = usePlace();
  const templates = useTemplates();
  const list = templates.data;
  if (templates.isError) {
    return (
      <Alert color="red" p="xs" role="alert">
        {explain(templates.error, common)}{" "}
        <Button variant="subtle" size="compact-xs" onClick={() => void templates.refetch()}>
          {common("common.retry")}
        </Button>
      </Alert>
    );
  }
  if (!list) return <p role="status">{common("common.loading")}</p>;
  const named = (id: string | null) => list.find((each) => each.id === id) ?? null;
  if (item === "new") {
    const like = named(tab);
    const kind: TemplateKind = like?.kind ?? (tab === "promotion" ? "promotion" : "invite");
    return <TemplateForm key={`new ${tab}`} kind={kind} template={null} like={like} />;
  }
  const template = named(item);
  if (template) return <TemplateForm key={template.id} kind={template.kind} template={template} like={null} />;
  return <TemplateList templates={list} />;
}

/** The templates, the inactive ones too; read again when somebody changes one. */
function useTemplates() {
  const { live } = useServices();
  const client = useQueryClient();
  useEffect(
    () =>
      live.onEvent((event) => {
        if (event.kind === "outreach.template_saved") void client.invalidateQueries({ queryKey: templatesKey });
      }),
    [live, client],
  );
  return useQuery({
    queryKey: templatesKey,
    queryFn: async ({ signal }) => (await api.outreach.templates(signal)).templates,
  });
}

function TemplateList({ templates }: { templates: OutreachTemplate[] }) {
  const { t } = useTranslation("templates");
  const { t: admin } = useTranslation("admin");
  const { go } = usePlace();
  const sorted = [...templates].sort(
    (a, b) => Number(b.active) - Number(a.active) || a.kind.localeCompare(b.kind) || a.name.localeCompare(b.name),
  );
  const add = (
    <>
      <Button leftSection={<IconPlus size={15} />} onClick={() => go("templates", "new", "invite")}>
        {t("add_invite")}
      </Button>
      <Button
        variant="default"
        leftSection={<IconPlus size={15} />}
        onClick={() => go("templates", "new", "promotion")}
      >
        {t("add_promotion")}
      </Button>
    </>
  );
  return (
    <AdminPage title={admin("pages.templates")} intro={t("intro")} actions={add}>
      <RecordList
        label={admin("pages.templates")}
        records={sorted}
        keyOf={({ id }) => id}
        quiet={({ active }) => !active}
        empty={t("empty")}
        columns={[
          {
            id: "name",
            label: t("name"),
            cell: ({ id, name, image }) => (
              <span className={classes.named}>
                <span className={classes.thumb}>{image && <img src={image.url} alt="" loading="lazy" />}</span>
                <PlaceLink page="templates" item={id}>
                  {name}
                </PlaceLink>
              </span>
            ),
          },
          { id: "kind", label: t("kind"), cell: ({ kind }) => t(`kinds.${kind}`) },
          { id: "style", label: t("style"), wide: true, cell: ({ style }) => t(`styles.${style}`) },
          {
            id: "languages",
            label: t("languages"),
            wide: true,
            cell: ({ texts }) => spokenIn(texts).join(", ").toUpperCase(),
          },
          {
            id: "who",
            label: t("who"),
            wide: true,
            cell: ({ usable_by }) => t(usable_by.everybody ? "who_everybody" : "who_some"),
          },
          {
            id: "state",
            label: admin("form.state"),
            cell: ({ active }) => <StateMark on={active}>{admin(active ? "form.active" : "form.inactive")}</StateMark>,
          },
        ]}
      />
      <RulesForm />
    </AdminPage>
  );
}
