import "@/app/i18n/admin/index.ts";
import "@/app/i18n/quickreply/index.ts";
import { useTranslation } from "react-i18next";
import { useDesk } from "@/app/shell/desk.tsx";
import { Dialog } from "@/shared/dialog.tsx";
import classes from "./quick-replies.module.css";
import { ReplyRecords } from "./reply-records.tsx";

/** The agent's own replies (T088, T089). */
export function OwnRepliesDialog() {
  const { t } = useTranslation("quickreply");
  const desk = useDesk();
  return (
    <Dialog onClose={() => desk.show(null)} title={t("mine")} size="xl">
      <p className={classes.intro}>{t("mine_intro")}</p>
      <ReplyRecords own />
    </Dialog>
  );
}
