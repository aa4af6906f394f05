import "@/app/theme/forms.ts";
import { Alert, Button, TextInput } from "@mantine/core";
import { useForm } from "@mantine/form";
import { IconInfoCircle } from "@tabler/icons-react";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Navigate, useNavigate, useSearch } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { api } from "@/app/api.ts";
import { explain } from "@/shared/explain.ts";
import { Logo } from "@/shared/logo.tsx";
import { PasswordField } from "@/shared/password-field.tsx";
import classes from "./door.module.css";
import { LanguageSwitch } from "./language-switch.tsx";
import { sessionQuery } from "./session.ts";

export function SignInPage() {
  const { t } = useTranslation();
  const { reason } = useSearch({ from: "/sign-in" });
  const navigate = useNavigate();
  const client = useQueryClient();
  const session = useQuery({ ...sessionQuery, retry: false, staleTime: 0 });
  const setup = useQuery({ queryKey: ["setup"], queryFn: api.setup.needed });
  const form = useForm({
    mode: "uncontrolled",
    initialValues: { login: "", password: "" },
    validate: {
      login: (value) => (value.trim() === "" ? t("common.required") : null),
      password: (value) => (value === "" ? t("common.required") : null),
    },
  });
  const signIn = useMutation({
    mutationFn: ({ login, password }: { login: string; password: string }) =>
      api.session.signIn(login.trim(), password),
    onSuccess: (me) => {
      client.setQueryData(sessionQuery.queryKey, me);
      return navigate({ to: "/", replace: true });
    },
    onError: () => {
      form.setFieldValue("password", "");
      form.getInputNode("password")?.focus();
    },
  });
  if (session.isSuccess && !signIn.isPending) return <Navigate to="/" replace />;
  return (
    <main className={classes.page}>
      <form className={classes.card} onSubmit={form.onSubmit((values) => signIn.mutate(values))} noValidate>
        <Logo size={26} />
        <div>
          <h1>{t("session.title")}</h1>
          <p className={classes.sub}>{t("session.subtitle")}</p>
        </div>
        {reason && !signIn.isError && (
          <Alert color="yellow" icon={<IconInfoCircle size={18} />} p="xs">
            {t(`session.${reason}`)}
          </Alert>
        )}
        {setup.data?.needed && (
          <Alert color="brand" icon={<IconInfoCircle size={18} />} p="xs">
            {t("session.setup_needed")}
          </Alert>
        )}
        {signIn.isError && (
          <Alert color="red" p="xs" role="alert">
            {explain(signIn.error, t)}
          </Alert>
        )}
        <TextInput
          key={form.key("login")}
          {...form.getInputProps("login")}
          size="sm"
          label={t("session.login")}
          autoComplete="username"
          autoCapitalize="none"
          spellCheck={false}
          data-autofocus
          autoFocus
        />
        <PasswordField
          key={form.key("password")}
          {...form.getInputProps("password")}
          size="sm"
          label={t("session.password")}
          autoComplete="current-password"
        />
        <Button type="submit" size="sm" loading={signIn.isPending} fullWidth>
          {t("session.sign_in")}
        </Button>
      </form>
      <LanguageSwitch />
    </main>
  );
}
