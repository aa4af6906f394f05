import "@/app/i18n/setup/index.ts";
import "@/app/theme/forms.ts";
import { Problem, type SetupRequest } from "@aceno/contract";
import { Alert, Button, Select, TextInput } from "@mantine/core";
import { useForm } from "@mantine/form";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Navigate, useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { api } from "@/app/api.ts";
import { changeLanguage, currentLanguage, isLanguage, languages } from "@/app/i18n/index.ts";
import { languageNames } from "@/app/i18n/names.ts";
import classes from "@/features/session/door.module.css";
import { LanguageSwitch } from "@/features/session/language-switch.tsx";
import { sessionQuery } from "@/features/session/session.ts";
import { explain } from "@/shared/explain.ts";
import { Logo } from "@/shared/logo.tsx";
import { PasswordField } from "@/shared/password-field.tsx";

/** The server refuses shorter ones. */
const shortestPassword = 8;

/** The one-time token travels in the fragment, which browsers do not send to servers nor keep in referrers. */
function tokenFromAddress(): string {
  return new URLSearchParams(window.location.hash.slice(1)).get("token") ?? "";
}

/** First administrator of a new installation. */
export function SetupPage() {
  const { t } = useTranslation("setup");
  const { t: common } = useTranslation();
  const [token] = useState(tokenFromAddress);
  const navigate = useNavigate();
  const client = useQueryClient();
  const needed = useQuery({ queryKey: ["setup"], queryFn: api.setup.needed });
  const required = (value: string) => (value.trim() === "" ? common("common.required") : null);
  const form = useForm<Omit<SetupRequest, "token">>({
    initialValues: {
      account_name: "",
      domain: "",
      time_zone: Intl.DateTimeFormat().resolvedOptions().timeZone,
      language: currentLanguage(),
      name: "",
      login: "",
      email: "",
      password: "",
    },
    validate: {
      account_name: required,
      domain: required,
      time_zone: required,
      name: required,
      login: required,
      email: required,
      password: (value) => (value.length < shortestPassword ? t("password_short") : null),
    },
  });
  const create = useMutation({
    mutationFn: (values: Omit<SetupRequest, "token">) => api.setup.complete({ ...values, token }),
    onSuccess: (me) => {
      client.setQueryData(sessionQuery.queryKey, me);
      client.setQueryData(["setup"], { needed: false });
      return navigate({ to: "/", replace: true });
    },
    onError: (error) => {
      if (!(error instanceof Problem)) return;
      for (const { field, detail } of error.fields) if (field in form.values) form.setFieldError(field, detail);
    },
  });
  if (needed.data?.needed === false && !create.isPending && !create.isSuccess)
    return <Navigate to="/sign-in" replace />;
  return (
    <main className={classes.page}>
      <form className={classes.card} data-wide onSubmit={form.onSubmit((values) => create.mutate(values))} noValidate>
        <Logo size={26} />
        <div>
          <h1>{t("title")}</h1>
          <p className={classes.sub}>{t("subtitle")}</p>
        </div>
        {token === "" && (
          <Alert color="yellow" p="xs">
            {t("no_token")}
          </Alert>
        )}
        {create.isError && (
          <Alert color="red" p="xs" role="alert">
            {explain(create.error, common)}
          </Alert>
        )}
        <h2>{t("account")}</h2>
        <div className={classes.pair}>
          <TextInput size="sm" label={t("account_name")} autoFocus {...form.getInputProps("account_name")} />
          <TextInput
            size="sm"
            label={t("domain")}
            placeholder="www.exemplo.com.br"
            inputMode="url"
            autoCapitalize="none"
            spellCheck={false}
            {...form.getInputProps("domain")}
          />
          <Select
            size="sm"
            label={t("time_zone")}
            searchable
            allowDeselect={false}
            data={timeZones()}
            {...form.getInputProps("time_zone")}
          />
          <Select
            size="sm"
            label={t("language")}
            allowDeselect={false}
            data={languages.map((value) => ({ value, label: languageNames[value] }))}
            {...form.getInputProps("language")}
            onChange={(value) => {
              if (!isLanguage(value)) return;
              form.setFieldValue("language", value);
              void changeLanguage(value);
            }}
          />
        </div>
        <h2>{t("you")}</h2>
        <div className={classes.pair}>
          <TextInput size="sm" label={t("name")} autoComplete="name" {...form.getInputProps("name")} />
          <TextInput size="sm" type="email" label={t("email")} autoComplete="email" {...form.getInputProps("email")} />
          <TextInput
            size="sm"
            label={t("login")}
            autoComplete="username"
            autoCapitalize="none"
            spellCheck={false}
            {...form.getInputProps("login")}
          />
          <PasswordField
            size="sm"
            label={t("password")}
            placeholder={t("password_hint")}
            autoComplete="new-password"
            {...form.getInputProps("password")}
          />
        </div>
        <Button type="submit" size="sm" loading={create.isPending} disabled={token === ""} fullWidth>
          {t("create")}
        </Button>
      </form>
      <LanguageSwitch />
    </main>
  );
}

function timeZones(): string[] {
  const own = Intl.DateTimeFormat().resolvedOptions().timeZone;
  const all = typeof Intl.supportedValuesOf === "function" ? Intl.supportedValuesOf("timeZone") : [];
  return all.includes(own) ? all : [own, ...all];
}
