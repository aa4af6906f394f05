import type { Agent } from "@aceno/contract";
import { Alert, Button, TextInput } from "@mantine/core";
import { useForm } from "@mantine/form";
import { useMutation } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { api } from "@/app/api.ts";
import { useServices } from "@/app/services.tsx";
import { explain } from "@/shared/explain.ts";
import { notify } from "@/shared/notify.ts";
import classes from "./own.module.css";
import { atFields } from "./refusals.ts";
import { LanguagesField } from "./word-fields.tsx";

/** The server's limits. */
const limits = { name: 80, email: 254, phone: 40 };

export function OwnProfile({ agent, onDone }: { agent: Agent; onDone: () => void }) {
  const { t } = useTranslation("agent");
  const { t: common } = useTranslation();
  const { live } = useServices();
  const required = (value: string) => (value.trim() === "" ? common("common.required") : null);
  const form = useForm({
    initialValues: { name: agent.name, email: agent.email, phone: agent.phone, languages: agent.languages },
    validate: { name: required, email: required },
  });
  const save = useMutation({
    mutationFn: (values: typeof form.values) => api.session.setProfile(values),
    onSuccess: (me) => {
      live.adoptMe(me);
      void notify({ id: "saved", message: t("own.saved") });
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
      <TextInput
        label={t("own.name")}
        description={t("own.name_hint")}
        maxLength={limits.name}
        required
        data-autofocus
        {...form.getInputProps("name")}
      />
      <TextInput
        type="email"
        label={t("own.email")}
        maxLength={limits.email}
        autoComplete="email"
        required
        {...form.getInputProps("email")}
      />
      <TextInput
        type="tel"
        label={t("own.phone")}
        maxLength={limits.phone}
        autoComplete="tel"
        {...form.getInputProps("phone")}
      />
      <LanguagesField hint={t("languages_hint")} {...form.getInputProps("languages")} />
      <Button type="submit" loading={save.isPending} className={classes.save}>
        {t("own.save")}
      </Button>
    </form>
  );
}
