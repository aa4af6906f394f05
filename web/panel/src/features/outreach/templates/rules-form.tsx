import type { OutreachRules } from "@aceno/contract";
import { Alert, Button, NumberInput, Select } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { api } from "@/app/api.ts";
import { AdminCard } from "@/features/admin/admin-page.tsx";
import { Fields } from "@/features/admin/record-page.tsx";
import { explain } from "@/shared/explain.ts";
import { notify } from "@/shared/notify.ts";
import classes from "./templates.module.css";

const rulesKey = ["outreach", "rules"];
/** The server refuses more. */
const mostPerVisit = 50;

/** How often a visit may be approached, and where redirects may lead. */
export function RulesForm() {
  const { t } = useTranslation("templates");
  const { t: admin } = useTranslation("admin");
  const { t: common } = useTranslation();
  const client = useQueryClient();
  const [changed, setChanged] = useState<OutreachRules | null>(null);
  const rules = useQuery({ queryKey: rulesKey, queryFn: ({ signal }) => api.outreach.rules(signal) });
  const save = useMutation({
    mutationFn: (to: OutreachRules) => api.outreach.setRules(to),
    onSuccess: (to) => {
      client.setQueryData(rulesKey, to);
      setChanged(null);
      void notify({ id: "saved", message: admin("form.saved") });
    },
  });
  const shown = changed ?? rules.data;
  if (!shown) return null;
  return (
    <AdminCard title={t("rules")}>
      <form
        className={classes.rules}
        onSubmit={(event) => {
          event.preventDefault();
          if (changed) save.mutate(changed);
        }}
      >
        {save.isError && (
          <Alert color="red" p="xs" role="alert">
            {explain(save.error, common)}
          </Alert>
        )}
        <Fields>
          <NumberInput
            label={t("per_visit")}
            description={t("per_visit_hint")}
            min={1}
            max={mostPerVisit}
            allowDecimal={false}
            clampBehavior="strict"
            value={shown.per_visit}
            onChange={(value) => typeof value === "number" && setChanged({ ...shown, per_visit: value })}
          />
          <Select
            label={t("redirect")}
            description={t("redirect_hint")}
            allowDeselect={false}
            value={shown.redirect}
            data={(["anywhere", "own_domains"] as const).map((value) => ({ value, label: t(`redirects.${value}`) }))}
            onChange={(value) => value && setChanged({ ...shown, redirect: value as OutreachRules["redirect"] })}
          />
        </Fields>
        <Button type="submit" disabled={changed === null} loading={save.isPending} className={classes.left}>
          {admin("form.save")}
        </Button>
      </form>
    </AdminCard>
  );
}
