import "@/app/i18n/admin/index.ts";
import "@/app/i18n/integration/index.ts";
import "@/app/theme/forms.ts";
import type { Integration } from "@aceno/contract";
import { Button, Switch, TextInput } from "@mantine/core";
import { IconPlus } from "@tabler/icons-react";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { api } from "@/app/api.ts";
import { AdminCard, AdminPage } from "@/features/admin/admin-page.tsx";
import { PlaceLink, usePlace } from "@/features/admin/place.tsx";
import { useRecordForm } from "@/features/admin/record-form.ts";
import { RecordList, StateMark } from "@/features/admin/record-list.tsx";
import { RecordPage } from "@/features/admin/record-page.tsx";
import { copyText } from "@/shared/clipboard.ts";
import { Dialog } from "@/shared/dialog.tsx";
import { explain } from "@/shared/explain.ts";
import { notify } from "@/shared/notify.ts";
import classes from "./integration.module.css";
import { useIntegrations } from "./integrations.ts";

/** The server's limits. */
const longest = { name: 40, url: 1000 };

/** Pages of the account's own that are framed beside conversations (T129, T227). */
export function IntegrationsPage() {
  const { t: common } = useTranslation();
  const { item } = usePlace();
  const integrations = useIntegrations();
  if (integrations.isError) return <p role="alert">{explain(integrations.error, common)}</p>;
  if (!integrations.data) return <p role="status">{common("common.loading")}</p>;
  if (item === "new") return <IntegrationForm integration={null} />;
  const one = integrations.data.find(({ id }) => id === item);
  return one ? (
    <IntegrationForm key={one.id} integration={one} />
  ) : (
    <IntegrationList integrations={integrations.data} />
  );
}

function IntegrationList({ integrations }: { integrations: Integration[] }) {
  const { t } = useTranslation("integration");
  const { t: admin } = useTranslation("admin");
  const { go } = usePlace();
  const add = (
    <Button leftSection={<IconPlus size={15} />} onClick={() => go("integrations", "new")}>
      {t("add")}
    </Button>
  );
  return (
    <AdminPage title={admin("pages.integrations")} intro={t("intro")} actions={add}>
      <RecordList
        label={admin("pages.integrations")}
        records={integrations}
        keyOf={({ id }) => id}
        quiet={({ active }) => !active}
        empty={t("empty")}
        columns={[
          {
            id: "name",
            label: t("name"),
            cell: ({ id, name }) => (
              <PlaceLink page="integrations" item={id}>
                {name}
              </PlaceLink>
            ),
          },
          { id: "url", label: t("url"), wide: true, cell: ({ url }) => url },
          {
            id: "state",
            label: admin("form.state"),
            cell: ({ active }) => <StateMark on={active}>{admin(active ? "form.active" : "form.inactive")}</StateMark>,
          },
        ]}
      />
    </AdminPage>
  );
}

function IntegrationForm({ integration }: { integration: Integration | null }) {
  const { t } = useTranslation("integration");
  const { t: admin } = useTranslation("admin");
  const { t: common } = useTranslation();
  const { go } = usePlace();
  const client = useQueryClient();
  const { form, saving, fault, submit } = useRecordForm({
    initialValues: { name: integration?.name ?? "", url: integration?.url ?? "", active: integration?.active ?? true },
    validate: {
      name: (value) => (value.trim() === "" ? common("common.required") : null),
      url: (value) => (value.trim() === "" ? common("common.required") : null),
    },
    save: async (values) => {
      const saved = await (integration === null
        ? api.integrations.create(values)
        : api.integrations.save(integration.id, { ...values, version: integration.version }));
      await client.invalidateQueries({ queryKey: ["integrations"] });
      return saved;
    },
    // The secret of a new one is what is needed next.
    onSaved: ({ id }) => go("integrations", integration === null ? id : null),
  });
  return (
    <RecordPage
      page="integrations"
      listTitle={admin("pages.integrations")}
      title={integration === null ? t("add") : t("edit", { name: integration.name })}
      saving={saving}
      fault={fault}
      onSubmit={submit}
      actions={integration !== null && <RemoveButton integration={integration} />}
    >
      <AdminCard>
        <TextInput
          label={t("name")}
          description={t("name_hint")}
          maxLength={longest.name}
          required
          {...form.getInputProps("name")}
        />
        <TextInput
          label={t("url")}
          description={t("url_hint")}
          type="url"
          placeholder="https://"
          maxLength={longest.url}
          required
          {...form.getInputProps("url")}
        />
        <Switch label={admin("form.active")} {...form.getInputProps("active", { type: "checkbox" })} />
      </AdminCard>
      {integration !== null && <SecretCard id={integration.id} />}
    </RecordPage>
  );
}

function SecretCard({ id }: { id: string }) {
  const { t } = useTranslation("integration");
  const { t: admin } = useTranslation("admin");
  const { t: common } = useTranslation();
  const [copied, setCopied] = useState(false);
  const ask = useMutation({
    mutationFn: async () => (await api.integrations.secret(id)).secret,
    onError: (error) => void notify({ tone: "error", message: explain(error, common) }),
  });
  return (
    <AdminCard title={t("secret")}>
      <p className={classes.hint}>{t("secret_hint")}</p>
      <div className={classes.secret}>
        {ask.data ? (
          <>
            <code>{ask.data}</code>
            <Button variant="default" size="compact-sm" onClick={async () => setCopied(await copyText(ask.data))}>
              {copied ? admin("copied") : t("secret_copy")}
            </Button>
          </>
        ) : (
          <Button variant="default" loading={ask.isPending} onClick={() => ask.mutate()}>
            {t("secret_show")}
          </Button>
        )}
      </div>
    </AdminCard>
  );
}

function RemoveButton({ integration }: { integration: Integration }) {
  const { t } = useTranslation("integration");
  const { t: common } = useTranslation();
  const { go } = usePlace();
  const client = useQueryClient();
  const [asking, setAsking] = useState(false);
  const remove = useMutation({
    mutationFn: () => api.integrations.remove(integration.id),
    onSuccess: async () => {
      go("integrations");
      await client.invalidateQueries({ queryKey: ["integrations"] });
    },
    onError: (error) => void notify({ tone: "error", message: explain(error, common) }),
  });
  return (
    <>
      <Button variant="subtle" color="red" onClick={() => setAsking(true)}>
        {t("remove")}
      </Button>
      {asking && (
        <Dialog title={t("remove")} size="sm" onClose={() => setAsking(false)}>
          <p>{t("remove_sure", { name: integration.name })}</p>
          <div className={classes.answers}>
            <Button variant="default" data-autofocus onClick={() => setAsking(false)}>
              {common("common.cancel")}
            </Button>
            <Button color="red" loading={remove.isPending} onClick={() => remove.mutate()}>
              {t("remove")}
            </Button>
          </div>
        </Dialog>
      )}
    </>
  );
}
