import "@/app/i18n/agent/index.ts";
import "@/app/theme/forms.ts";
import { Button, Select } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { api } from "@/app/api.ts";
import { queryClient } from "@/app/query.ts";
import { useAccount, usePermission } from "@/app/services.tsx";
import { useDesk } from "@/app/shell/desk.tsx";
import { Dialog } from "@/shared/dialog.tsx";
import { explain } from "@/shared/explain.ts";
import { notify } from "@/shared/notify.ts";
import classes from "./leave.module.css";
import { type Parting, part } from "./parting.ts";

/** Ends the session; asks first what becomes of open conversations: transfer, end, give back, or stay (T004, T008). */
export function LeaveDialog() {
  const { t } = useTranslation();
  const { t: words } = useTranslation("agent");
  const desk = useDesk();
  const navigate = useNavigate();
  const conversations = useAccount((state) => state.conversations);
  const departments = useAccount((state) => state.departments);
  const mayEnd = usePermission("conversation.end");
  const mayTransfer = usePermission("conversation.transfer");
  const [department, setDepartment] = useState<string | null>(null);
  const open = Object.values(conversations).filter((each) => each.state === "active");
  const leave = useMutation({
    mutationFn: (parting: Parting) =>
      part(
        parting,
        open.map((each) => each.id),
        api,
      ),
    onSuccess: () => {
      queryClient.clear();
      void navigate({ to: "/sign-in", search: { reason: "signed_out" }, replace: true });
    },
    onError: (error) => void notify({ tone: "error", message: explain(error, t) }),
  });
  const asked = useRef(false);
  const nothingOpen = open.length === 0;
  useEffect(() => {
    if (!nothingOpen || asked.current || leave.isPending || leave.isSuccess) return;
    asked.current = true;
    leave.mutate({ kind: "return" });
  }, [nothingOpen, leave.mutate, leave.isPending, leave.isSuccess]);
  if (nothingOpen) return null;
  const online = Object.values(departments).filter((each) => each.active && each.online);
  return (
    <Dialog onClose={() => desk.show(null)} title={t("session.leave_open_title")}>
      <p className={classes.question}>{t("session.leave_open", { count: open.length })}</p>
      {mayTransfer && online.length > 0 && (
        <div className={classes.transfer}>
          <Select
            label={words("leave.transfer_to")}
            placeholder={words("leave.department")}
            data={online.map(({ id, name }) => ({ value: id, label: name }))}
            value={department}
            onChange={setDepartment}
          />
          <Button
            variant="default"
            disabled={department === null || leave.isPending}
            onClick={() => department !== null && leave.mutate({ kind: "transfer", departmentId: department })}
          >
            {words("leave.transfer")}
          </Button>
        </div>
      )}
      <p className={classes.hint}>{t("session.leave_keep_hint")}</p>
      <div className={classes.answers}>
        <Button variant="default" onClick={() => desk.show(null)} data-autofocus>
          {t("session.leave_stay")}
        </Button>
        <Button variant="default" onClick={() => leave.mutate({ kind: "keep" })} disabled={leave.isPending}>
          {t("session.leave_keep")}
        </Button>
        {mayEnd && (
          <Button variant="default" onClick={() => leave.mutate({ kind: "end" })} disabled={leave.isPending}>
            {words("leave.end")}
          </Button>
        )}
        <Button color="red" onClick={() => leave.mutate({ kind: "return" })} loading={leave.isPending}>
          {t("session.leave_return")}
        </Button>
      </div>
    </Dialog>
  );
}
