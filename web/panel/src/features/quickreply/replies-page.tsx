import "@/app/i18n/admin/index.ts";
import "@/app/i18n/quickreply/index.ts";
import { useTranslation } from "react-i18next";
import { AdminPage } from "@/features/admin/admin-page.tsx";
import { ReplyRecords } from "./reply-records.tsx";

/** The account's quick replies (T087, T220). */
export function RepliesPage() {
  const { t } = useTranslation("quickreply");
  return (
    <AdminPage title={t("title")} intro={t("intro")}>
      <ReplyRecords own={false} />
    </AdminPage>
  );
}
