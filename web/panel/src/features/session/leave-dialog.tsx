import { Button } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useEffect, useRef } from "react";
import { useTranslation } from "react-i18next";
import { api } from "@/app/api.ts";
import { queryClient } from "@/app/query.ts";
import { useAccount } from "@/app/services.tsx";
import { useDesk } from "@/app/shell/desk.tsx";
import { Dialog } from "@/shared/dialog.tsx";
import { explain } from "@/shared/explain.ts";
import { notify } from "@/shared/notify.ts";
import classes from "./leave.module.css";

/** Ends the session; asks first when conversations are open (T004, T008). */
export function LeaveDialog() {
  const { t } = useTranslation();
  const desk = useDesk();
  const navigate = useNavigate();
  const open = useAccount(
    (state) => Object.values(state.conversations).filter((each) => each.state === "active").length,
  );
  const leave = useMutation({
    mutationFn: (conversations: "return" | "keep") => api.session.signOut(conversations),
    onSuccess: () => {
      queryClient.clear();
      void navigate({ to: "/sign-in", search: { reason: "signed_out" }, replace: true });
    },
    onError: (error) => {
      void notify({ tone: "error", message: explain(error, t) });
      desk.show(null);
    },
  });
  const asked = useRef(false);
  const nothingOpen = open === 0;
  useEffect(() => {
    if (!nothingOpen || asked.current) return;
    asked.current = true;
    leave.mutate("return");
  }, [nothingOpen, leave.mutate]);
  if (nothingOpen) return null;
  return (
    <Dialog onClose={() => desk.show(null)} title={t("session.leave_open_title")}>
      <p className={classes.question}>{t("session.leave_open", { count: open })}</p>
      <p className={classes.hint}>{t("session.leave_keep_hint")}</p>
      <div className={classes.answers}>
        <Button variant="default" onClick={() => desk.show(null)} data-autofocus>
          {t("session.leave_stay")}
        </Button>
        <Button variant="default" onClick={() => leave.mutate("keep")} disabled={leave.isPending}>
          {t("session.leave_keep")}
        </Button>
        <Button color="red" onClick={() => leave.mutate("return")} loading={leave.isPending}>
          {t("session.leave_return")}
        </Button>
      </div>
    </Dialog>
  );
}
