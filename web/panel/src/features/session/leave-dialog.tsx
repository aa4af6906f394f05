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
  const receivers = useReceivers();
  const mayEnd = usePermission("conversation.end");
  const mayTransfer = usePermission("conversation.transfer");
  const [receiver, setReceiver] = useState<string | null>(null);
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
  return (
    <Dialog onClose={() => desk.show(null)} title={t("session.leave_open_title")}>
      <p className={classes.question}>{t("session.leave_open", { count: open.length })}</p>
      {mayTransfer && receivers.length > 0 && (
        <div className={classes.transfer}>
          <Select
            label={words("leave.transfer_to")}
            placeholder={words("leave.department")}
            description={receiver?.startsWith(agentMark) ? words("leave.agent_hint") : undefined}
            inputWrapperOrder={["label", "input", "description", "error"]}
            data={receivers}
            value={receiver}
            onChange={setReceiver}
          />
          <Button
            variant="default"
            disabled={receiver === null || leave.isPending}
            onClick={() => receiver !== null && leave.mutate(partingTo(receiver))}
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

/** Marks an agent among the values of the list; the others are departments. */
const agentMark = "agent:";

function partingTo(receiver: string): Parting {
  return receiver.startsWith(agentMark)
    ? { kind: "hand", agentId: receiver.slice(agentMark.length) }
    : { kind: "transfer", departmentId: receiver };
}

/** Who can be given conversations: departments where somebody attends, and colleagues who are here. */
function useReceivers() {
  const { t } = useTranslation("agent");
  const me = useAccount((state) => state.me.agent.id);
  const departments = useAccount((state) => state.departments);
  const agents = useAccount((state) => state.agents);
  const groups = [
    {
      group: t("leave.departments"),
      items: Object.values(departments)
        .filter((each) => each.active && each.online)
        .map(({ id, name }) => ({ value: id, label: name })),
    },
    {
      group: t("leave.agents"),
      items: Object.values(agents)
        .filter((each) => each.id !== me && each.active && each.present)
        .map(({ id, name }) => ({ value: `${agentMark}${id}`, label: name })),
    },
  ];
  return groups.filter(({ items }) => items.length > 0);
}
