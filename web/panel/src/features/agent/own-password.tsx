import { Alert, Button } from "@mantine/core";
import { useForm } from "@mantine/form";
import { useMutation } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { api } from "@/app/api.ts";
import { explain } from "@/shared/explain.ts";
import { notify } from "@/shared/notify.ts";
import { PasswordField } from "@/shared/password-field.tsx";
import classes from "./own.module.css";
import { atFields } from "./refusals.ts";

const shortest = 8;
const longest = 128;

export function OwnPassword({ login, onDone }: { login: string; onDone: () => void }) {
  const { t } = useTranslation("agent");
  const { t: common } = useTranslation();
  const form = useForm({
    initialValues: { current: "", password: "", confirm: "" },
    validate: {
      current: (value) => (value === "" ? common("common.required") : null),
      password: (value) => (value.length < shortest ? t("own.new_hint", { count: shortest }) : null),
      confirm: (value, { password }) => (value === password ? null : t("own.differs")),
    },
  });
  const save = useMutation({
    mutationFn: ({ current, password }: typeof form.values) => api.session.setPassword(current, password),
    onSuccess: () => {
      void notify({ id: "saved", message: t("own.password_saved") });
      onDone();
    },
    onError: (error) => form.setErrors(atFields(error)),
  });
  const refused = save.isError && Object.keys(atFields(save.error)).length === 0;
  return (
    <form className={classes.form} onSubmit={form.onSubmit((values) => save.mutate(values))} noValidate>
      {refused && (
        <Alert color="red" p="xs" role="alert">
          {explain(save.error, common)}
        </Alert>
      )}
      {/* For password managers: which entry it is about. */}
      <input type="text" name="username" autoComplete="username" value={login} readOnly hidden />
      <PasswordField
        label={t("own.current")}
        maxLength={longest}
        autoComplete="current-password"
        required
        data-autofocus
        {...form.getInputProps("current")}
      />
      <PasswordField
        label={t("own.new")}
        description={t("own.new_hint", { count: shortest })}
        maxLength={longest}
        autoComplete="new-password"
        required
        {...form.getInputProps("password")}
      />
      <PasswordField
        label={t("own.confirm")}
        maxLength={longest}
        autoComplete="new-password"
        required
        {...form.getInputProps("confirm")}
      />
      <Button type="submit" loading={save.isPending} className={classes.save}>
        {t("own.save")}
      </Button>
    </form>
  );
}
