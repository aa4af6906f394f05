import "@/app/i18n/admin/index.ts";
import "@/app/theme/forms.ts";
import "@mantine/core/styles/Radio.layer.css";
import type { Site } from "@aceno/contract";
import { Radio, Stack, Switch, TextInput } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { api } from "@/app/api.ts";
import { AdminCard } from "@/features/admin/admin-page.tsx";
import { useRecordForm } from "@/features/admin/record-form.ts";
import { RecordPage } from "@/features/admin/record-page.tsx";

/** The server's limit. */
const longestAddress = 2048;

/** What is known of a site's visitors before they agree (B11, T165). */
export function PrivacyTab({ site }: { site: Site }) {
  const { t } = useTranslation("admin");
  const { form, saving, fault, submit } = useRecordForm({
    initialValues: { settings: { privacy: site.settings.privacy } },
    save: ({ settings }) => api.sites.update(site.id, { settings: { ...site.settings, ...settings } }),
    onSaved: () => undefined,
  });
  const checkbox = (name: "notice" | "honour_gpc" | "honour_dnt" | "hide_peek" | "keep_cards" | "mask_cpf") => (
    <Switch
      label={t(`privacy.${name}`)}
      description={t(`privacy.${name}_hint`)}
      {...form.getInputProps(`settings.privacy.${name}`, { type: "checkbox" })}
    />
  );
  return (
    <RecordPage page="sites" listTitle={t("pages.sites")} title={null} saving={saving} fault={fault} onSubmit={submit}>
      <AdminCard>
        <Radio.Group label={t("privacy.presence")} {...form.getInputProps("settings.privacy.presence")}>
          <Stack gap={8} mt={8}>
            {(["full", "consent", "off"] as const).map((presence) => (
              <Radio key={presence} value={presence} label={t(`privacy.${presence}`)} />
            ))}
          </Stack>
        </Radio.Group>
      </AdminCard>
      <AdminCard>
        {checkbox("notice")}
        <TextInput
          type="url"
          label={t("privacy.policy_url")}
          description={t("privacy.policy_url_hint")}
          maxLength={longestAddress}
          {...form.getInputProps("settings.privacy.policy_url")}
        />
        {checkbox("honour_gpc")}
        {checkbox("honour_dnt")}
      </AdminCard>
      <AdminCard>
        {checkbox("hide_peek")}
        {checkbox("keep_cards")}
        {checkbox("mask_cpf")}
      </AdminCard>
    </RecordPage>
  );
}
