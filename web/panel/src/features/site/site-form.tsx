import type { Site } from "@aceno/contract";
import { Alert, Button, Select, Switch, TagsInput, TextInput } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { api } from "@/app/api.ts";
import { currentLanguage, isLanguage, languages } from "@/app/i18n/index.ts";
import { languageNames } from "@/app/i18n/names.ts";
import { AdminCard } from "@/features/admin/admin-page.tsx";
import { usePlace } from "@/features/admin/place.tsx";
import { useRecordForm } from "@/features/admin/record-form.ts";
import { Fields, RecordPage } from "@/features/admin/record-page.tsx";
import { mostDomains, refusedDomains, typedDomains } from "./domains-form.tsx";

/** The server refuses longer ones. */
const longestName = 60;

/** Makes a site, or changes what one is. */
export function SiteForm({ site }: { site: Site | null }) {
  const { t } = useTranslation("admin");
  const { t: common } = useTranslation();
  const { go } = usePlace();
  const { form, saving, fault, submit, error } = useRecordForm({
    initialValues: {
      name: site?.name ?? "",
      allowed_domains: site?.allowed_domains ?? ([] as string[]),
      language: site?.language ?? currentLanguage(),
      active: site?.active ?? true,
    },
    validate: {
      name: (value) => (value.trim() === "" ? common("common.required") : null),
      allowed_domains: (value) => (value.length === 0 ? common("common.required") : null),
    },
    save: ({ active, ...values }) =>
      site === null ? api.sites.create(values) : api.sites.update(site.id, { ...values, active }),
    onSaved: ({ id }) => go("sites", site === null ? id : null),
  });
  const { allowed_domains: domains } = form.values;
  return (
    <RecordPage
      page="sites"
      listTitle={t("pages.sites")}
      title={site === null ? t("sites.add") : null}
      saving={saving}
      fault={fault}
      onSubmit={submit}
      actions={site !== null && <InstallLink />}
    >
      <AdminCard>
        <Fields>
          <TextInput
            label={t("sites.name")}
            description={t("sites.name_hint")}
            maxLength={longestName}
            required
            {...form.getInputProps("name")}
          />
          <Select
            label={t("sites.language")}
            description={t("sites.language_hint")}
            allowDeselect={false}
            data={languages.map((value) => ({ value, label: languageNames[value] }))}
            {...form.getInputProps("language")}
            onChange={(value) => isLanguage(value) && form.setFieldValue("language", value)}
          />
        </Fields>
        <TagsInput
          label={t("start.domains_label")}
          description={t("start.domains_intro")}
          size="xs"
          required
          maxTags={mostDomains}
          acceptValueOnBlur
          splitChars={[",", " ", ";"]}
          {...form.getInputProps("allowed_domains")}
          error={refusedDomains(error, domains) || form.errors.allowed_domains}
          onChange={(value) => form.setFieldValue("allowed_domains", typedDomains(value))}
        />
        {domains.includes("*") && (
          <Alert color="yellow" p="xs">
            {t("start.domains_anywhere")}
          </Alert>
        )}
        {site !== null && (
          <Switch
            label={t("form.active")}
            description={t("sites.active_hint")}
            {...form.getInputProps("active", { type: "checkbox" })}
          />
        )}
      </AdminCard>
    </RecordPage>
  );
}

function InstallLink() {
  const { t } = useTranslation("admin");
  const { go } = usePlace();
  return (
    <Button variant="subtle" onClick={() => go("start")}>
      {t("pages.start")}
    </Button>
  );
}
