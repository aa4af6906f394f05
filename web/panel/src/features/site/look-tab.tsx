import "@/app/i18n/admin/index.ts";
import { type Language, Problem, type Site } from "@aceno/contract";
import { NumberInput, SegmentedControl, Select, Switch, Textarea, TextInput } from "@mantine/core";
import { useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import { api } from "@/app/api.ts";
import { isLanguage, languages } from "@/app/i18n/index.ts";
import { languageNames } from "@/app/i18n/names.ts";
import { AdminCard } from "@/features/admin/admin-page.tsx";
import { ImageDrop } from "@/features/admin/image-drop.tsx";
import { useRecordForm } from "@/features/admin/record-form.ts";
import { Fields, RecordPage } from "@/features/admin/record-page.tsx";
import classes from "./look.module.css";
import { LookPreview } from "./look-preview.tsx";

/** The server refuses longer ones. */
const longest = { label: 40, title: 60, greeting: 300, away: 300, key: 64, image: 2048 };

/** Where the call can be, with the original product's numbers. */
const callModes = [10, 11, 1, 2, 3, 4, 6, 7, 0, 5] as const;

/** How the chat is called on the site and how it looks, with a preview that follows each change (T145–T148, T222, T223). */
export function LookTab({ site }: { site: Site }) {
  const { t } = useTranslation("admin");
  const [language, setLanguage] = useState(site.language);
  const [online, setOnline] = useState(true);
  const { form, saving, error, fault, submit } = useRecordForm({
    initialValues: { settings: site.settings, legacy_key: site.legacy_key },
    save: (values) => api.sites.update(site.id, values),
    onSaved: () => undefined,
  });
  const { settings } = form.values;
  // What was refused in another language would stand where nobody looks.
  useEffect(() => setLanguage((shown) => refusedLanguage(error, shown)), [error]);
  const words = `settings.texts.${language}` as const;
  return (
    <RecordPage
      page="sites"
      listTitle={t("pages.sites")}
      title={null}
      saving={saving}
      fault={fault ?? (typeof form.errors.settings === "string" ? form.errors.settings : null)}
      onSubmit={submit}
      aside={
        <aside className={classes.aside} aria-label={t("look.preview")}>
          <LookPreview settings={settings} siteName={site.name} language={language} online={online} />
          <Switch
            label={t("look.preview_online")}
            checked={online}
            onChange={(event) => setOnline(event.currentTarget.checked)}
          />
        </aside>
      }
    >
      <AdminCard title={t("look.call")}>
        <Fields>
          <Select
            label={t("look.call_mode")}
            allowDeselect={false}
            data={callModes.map((mode) => ({ value: String(mode), label: t(`look.call_modes.${mode}`) }))}
            value={String(settings.call_mode)}
            error={form.errors["settings.call_mode"]}
            onChange={(value) => {
              const mode = callModes.find((each) => String(each) === value);
              if (mode !== undefined) form.setFieldValue("settings.call_mode", mode);
            }}
          />
          <Select
            label={t("look.chat_mode")}
            description={settings.call_mode >= 10 ? t("look.chat_mode_widget_only") : undefined}
            allowDeselect={false}
            disabled={settings.call_mode >= 10}
            data={[
              { value: "widget", label: t("look.chat_modes.widget") },
              { value: "popup", label: t("look.chat_modes.popup") },
            ]}
            value={settings.call_mode >= 10 ? "widget" : settings.chat_mode}
            error={form.errors["settings.chat_mode"]}
            onChange={(value) => form.setFieldValue("settings.chat_mode", value === "popup" ? "popup" : "widget")}
          />
        </Fields>
        <Switch
          label={t("look.hide_when_offline")}
          {...form.getInputProps("settings.hide_when_offline", { type: "checkbox" })}
        />
        <CallImage form={form} name="launcher_online" />
        <CallImage form={form} name="launcher_offline" />
      </AdminCard>
      <AdminCard title={t("look.theme")}>
        <Fields>
          <TextInput
            type="color"
            label={t("look.brand")}
            description={settings.theme.brand}
            {...form.getInputProps("settings.theme.brand")}
          />
          <NumberInput
            label={t("look.corner")}
            min={0}
            max={24}
            allowDecimal={false}
            {...form.getInputProps("settings.theme.corner")}
            onChange={(value) => form.setFieldValue("settings.theme.corner", Number(value) || 0)}
          />
          <Select
            label={t("look.size")}
            allowDeselect={false}
            data={(["compact", "normal", "large"] as const).map((value) => ({
              value,
              label: t(`look.sizes.${value}`),
            }))}
            {...form.getInputProps("settings.theme.size")}
          />
          <Select
            label={t("look.scheme")}
            allowDeselect={false}
            data={(["auto", "light", "dark"] as const).map((value) => ({
              value,
              label: t(`look.schemes.${value}`),
            }))}
            {...form.getInputProps("settings.theme.scheme")}
          />
        </Fields>
      </AdminCard>
      <AdminCard title={t("look.texts")}>
        <p className={classes.hint}>{t("look.texts_intro")}</p>
        <SegmentedControl
          aria-label={t("sites.language")}
          value={language}
          data={languages.map((value) => ({ value, label: languageNames[value] }))}
          onChange={(value) => isLanguage(value) && setLanguage(value)}
        />
        <Fields>
          <TextInput label={t("look.label")} maxLength={longest.label} {...form.getInputProps(`${words}.label`)} />
          <TextInput label={t("look.title")} maxLength={longest.title} {...form.getInputProps(`${words}.title`)} />
        </Fields>
        <Textarea
          label={t("look.greeting")}
          rows={2}
          maxLength={longest.greeting}
          {...form.getInputProps(`${words}.greeting`)}
        />
        <Textarea label={t("look.away")} rows={2} maxLength={longest.away} {...form.getInputProps(`${words}.away`)} />
      </AdminCard>
      <AdminCard title={t("look.migration")}>
        <TextInput
          label={t("look.legacy_key")}
          description={t("look.legacy_hint")}
          maxLength={longest.key}
          {...form.getInputProps("legacy_key")}
        />
      </AdminCard>
    </RecordPage>
  );
}

type LookForm = ReturnType<typeof useRecordForm<Pick<Site, "settings" | "legacy_key">, Site>>["form"];

/** An image in place of the call: one that is sent, or one that stands elsewhere (T223). */
function CallImage({ form, name }: { form: LookForm; name: "launcher_online" | "launcher_offline" }) {
  const { t } = useTranslation("admin");
  const path = `settings.theme.${name}` as const;
  const url = form.values.settings.theme[name];
  const ours = url.startsWith("/v/images/");
  const set = (value: string) => {
    form.setFieldValue(path, value);
    form.clearFieldError(path);
  };
  return (
    <div className={classes.callImage}>
      <strong>{t(`look.${name}`)}</strong>
      <span className={classes.hint}>
        {t(name === "launcher_online" ? "look.launcher_hint" : "look.launcher_offline_hint")}
      </span>
      <ImageDrop
        label={t(`look.${name}`)}
        picture={url === "" || form.errors[path] ? null : { url }}
        send={api.sites.addImage}
        error={ours && form.errors[path]}
        onSent={(image) => set(image.url)}
        onRemove={() => set("")}
      />
      {!ours && (
        <TextInput
          aria-label={`${t(`look.${name}`)}: ${t("look.launcher_address")}`}
          placeholder={t("look.launcher_address")}
          maxLength={longest.image}
          {...form.getInputProps(path)}
        />
      )}
    </div>
  );
}

/** The language to show: another one when the server refused words there and none here. */
function refusedLanguage(error: unknown, shown: Language): Language {
  if (!(error instanceof Problem)) return shown;
  const refused = error.fields.map(({ field }) => /^settings\.texts\.(\w+)\./.exec(field)?.[1]).filter(isLanguage);
  return refused.includes(shown) ? shown : (refused[0] ?? shown);
}
