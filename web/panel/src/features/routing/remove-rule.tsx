import type { RoutingRule } from "@aceno/contract";
import { Button } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { api } from "@/app/api.ts";
import { usePlace } from "@/features/admin/place.tsx";
import classes from "@/features/trigger/trigger.module.css";
import { Dialog } from "@/shared/dialog.tsx";
import { explain } from "@/shared/explain.ts";
import { notify } from "@/shared/notify.ts";

/** Deletes a rule, after a question. */
export function RemoveRule({ rule }: { rule: RoutingRule }) {
  const { t } = useTranslation("routing");
  const { t: common } = useTranslation();
  const place = usePlace();
  const queries = useQueryClient();
  const [asking, setAsking] = useState(false);
  const remove = useMutation({
    mutationFn: () => api.routing.remove(rule.id),
    onSuccess: async () => {
      await queries.invalidateQueries({ queryKey: ["routing-rules"] });
      void notify({ id: "routing-rule", message: t("edit.deleted") });
      place.go("routing");
    },
    onError: (error) => void notify({ tone: "error", message: explain(error, common) }),
  });
  return (
    <>
      <Button variant="subtle" color="red" className={classes.remove} onClick={() => setAsking(true)}>
        {t("edit.delete")}
      </Button>
      {asking && (
        <Dialog title={t("edit.delete")} size="sm" onClose={() => setAsking(false)}>
          <p>{t("edit.delete_sure", { name: rule.name })}</p>
          <div className={classes.row}>
            <Button color="red" loading={remove.isPending} onClick={() => remove.mutate()}>
              {t("edit.delete")}
            </Button>
            <Button variant="default" data-autofocus onClick={() => setAsking(false)}>
              {common("common.cancel")}
            </Button>
          </div>
        </Dialog>
      )}
    </>
  );
}
