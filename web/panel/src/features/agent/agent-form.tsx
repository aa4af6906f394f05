import "@/app/i18n/agent/index.ts";
import type { Agent } from "@aceno/contract";
import { Button, MultiSelect, NumberInput, Select, Switch, TextInput } from "@mantine/core";
import { IconCopyPlus, IconDice5 } from "@tabler/icons-react";
import { lazy, Suspense, useState } from "react";
import { useTranslation } from "react-i18next";
import { api } from "@/app/api.ts";
import { useAccount } from "@/app/services.tsx";
import { AdminCard } from "@/features/admin/admin-page.tsx";
import { usePlace } from "@/features/admin/place.tsx";
import { useRecordForm } from "@/features/admin/record-form.ts";
import { Fields, RecordPage } from "@/features/admin/record-page.tsx";
import { PasswordField } from "@/shared/password-field.tsx";
import { AccessDialog } from "./access-dialog.tsx";
import classes from "./agents.module.css";
import { newPassword } from "./password.ts";
import { PhotoFields } from "./photo-fields.tsx";
import { LanguagesField, SkillsField } from "./word-fields.tsx";

const GrantCard = lazy(() =>
  import("@/features/supervision/grant-card.tsx").then((module) => ({ default: module.GrantCard })),
);

/** The server's limits. */
const limits = { name: 80, login: 64, email: 254, phone: 40, password: 128, conversations: 50 };
const shortestPassword = 8;
const roles = ["administrator", "supervisor", "agent"] as const;
const methods = ["manual", "roulette", "both"] as const;

interface AgentFormProps {
  /** Null makes a new one. */
  agent: Agent | null;
  /** Whose role, departments, method and limit a new one begins with. */
  like: Agent | null;
}

/** Makes an agent, or changes one. Who was made, or got a new password, has access data to be handed over. */
export function AgentForm({ agent, like }: AgentFormProps) {
  const { t } = useTranslation("admin");
  const { t: common } = useTranslation();
  const { t: words } = useTranslation("agent");
  const { go } = usePlace();
  const departments = useAccount((state) => state.departments);
  const agents = useAccount((state) => state.agents);
  const photos = useAccount((state) => (agent === null ? null : (state.agents[agent.id] ?? agent)));
  const [handOver, setHandOver] = useState<{ name: string; login: string; password: string } | null>(null);
  const from = agent ?? like;
  const required = (value: string) => (value.trim() === "" ? common("common.required") : null);
  const { form, saving, fault, submit } = useRecordForm({
    initialValues: {
      name: agent?.name ?? "",
      login: agent?.login ?? "",
      email: agent?.email ?? "",
      phone: agent?.phone ?? "",
      password: "",
      role: from?.role ?? "agent",
      department_ids: from?.department_ids ?? ([] as string[]),
      method: from?.method ?? "both",
      conversation_limit: from?.conversation_limit ?? 5,
      languages: from?.languages ?? ([] as string[]),
      skills: from?.skills ?? ([] as string[]),
      active: agent?.active ?? true,
    },
    validate: {
      name: required,
      login: required,
      email: required,
      password: (value) => {
        if (value === "" && agent !== null) return null;
        return value.length < shortestPassword ? t("agents.password_short", { count: shortestPassword }) : null;
      },
    },
    save: ({ active, password, ...values }) => {
      if (agent === null) return api.agents.create({ ...values, password });
      return api.agents.update(agent.id, { ...values, active, ...(password === "" ? {} : { password }) });
    },
    onSaved: ({ name, login }, { password }) =>
      password === "" ? go("agents") : setHandOver({ name, login, password }),
  });
  return (
    <RecordPage
      page="agents"
      listTitle={t("pages.agents")}
      title={agent?.name ?? t("agents.add")}
      saving={saving}
      fault={fault}
      onSubmit={submit}
      actions={
        agent !== null && (
          <Button
            variant="subtle"
            leftSection={<IconCopyPlus size={15} />}
            onClick={() => go("agents", "new", agent.id)}
          >
            {t("agents.duplicate")}
          </Button>
        )
      }
    >
      <AdminCard title={t("agents.person")}>
        <Fields>
          <TextInput
            label={t("agents.name")}
            description={t("agents.name_hint")}
            maxLength={limits.name}
            required
            {...form.getInputProps("name")}
          />
          <TextInput
            type="email"
            label={t("agents.email")}
            description={t("agents.email_hint")}
            maxLength={limits.email}
            required
            {...form.getInputProps("email")}
          />
          <TextInput type="tel" label={words("own.phone")} maxLength={limits.phone} {...form.getInputProps("phone")} />
        </Fields>
        {agent !== null && (
          <Switch
            label={t("form.active")}
            description={t("agents.active_hint")}
            {...form.getInputProps("active", { type: "checkbox" })}
          />
        )}
      </AdminCard>
      <AdminCard title={t("agents.access")}>
        <Fields>
          <TextInput
            label={t("agents.login")}
            description={t("agents.login_hint")}
            maxLength={limits.login}
            autoComplete="off"
            autoCapitalize="none"
            spellCheck={false}
            required
            {...form.getInputProps("login")}
          />
          <div className={classes.password}>
            <PasswordField
              label={t(agent === null ? "agents.password" : "agents.new_password")}
              description={t(agent === null ? "agents.password_hint" : "agents.new_password_hint")}
              maxLength={limits.password}
              autoComplete="new-password"
              required={agent === null}
              {...form.getInputProps("password")}
            />
            <Button
              variant="default"
              leftSection={<IconDice5 size={15} />}
              onClick={() => form.setFieldValue("password", newPassword())}
            >
              {t("agents.generate")}
            </Button>
          </div>
          <Select
            label={t("agents.role")}
            description={t(`agents.role_hints.${form.values.role}`)}
            allowDeselect={false}
            data={roles.map((value) => ({ value, label: t(`agents.roles.${value}`) }))}
            {...form.getInputProps("role")}
          />
        </Fields>
      </AdminCard>
      <AdminCard title={t("agents.attending")}>
        <MultiSelect
          label={t("pages.departments")}
          description={t("agents.departments_hint")}
          data={Object.values(departments)
            .filter(({ id, active }) => active || from?.department_ids.includes(id))
            .map(({ id, name }) => ({ value: id, label: name }))}
          searchable
          clearable
          {...form.getInputProps("department_ids")}
        />
        <Fields>
          <Select
            label={t("agents.method")}
            description={t(`agents.method_hints.${form.values.method}`)}
            allowDeselect={false}
            data={methods.map((value) => ({ value, label: t(`agents.methods.${value}`) }))}
            {...form.getInputProps("method")}
          />
          <NumberInput
            label={t("agents.limit")}
            description={t("agents.limit_hint")}
            min={1}
            max={limits.conversations}
            allowDecimal={false}
            clampBehavior="strict"
            {...form.getInputProps("conversation_limit")}
          />
          <LanguagesField hint={words("languages_hint_admin")} {...form.getInputProps("languages")} />
          <SkillsField
            hint={words("skills_hint")}
            data={[...new Set(Object.values(agents).flatMap((each) => each.skills))].sort()}
            {...form.getInputProps("skills")}
          />
        </Fields>
      </AdminCard>
      {agent?.role === "supervisor" && form.values.role === "supervisor" && (
        <Suspense fallback={null}>
          <GrantCard agent={agent} />
        </Suspense>
      )}
      <AdminCard title={words("photo.title")}>
        {photos ? (
          <PhotoFields
            agent={photos}
            set={(shape, photo) => api.agents.setPhoto(photos.id, shape, photo)}
            remove={(shape) => api.agents.removePhoto(photos.id, shape)}
          />
        ) : (
          <p className={classes.hint}>{words("photo.save_first")}</p>
        )}
      </AdminCard>
      {handOver && <AccessDialog {...handOver} onClose={() => go("agents")} />}
    </RecordPage>
  );
}
