import { Loader } from "@mantine/core";
import { useTranslation } from "react-i18next";
import classes from "./waiting.module.css";

/** The whole page while there is nothing to show yet. */
export function Waiting({ text }: { text?: string }) {
  const { t } = useTranslation();
  return (
    <main className={classes.page} aria-busy>
      <Loader size="sm" aria-hidden />
      <p role="status">{text ?? t("common.loading")}</p>
    </main>
  );
}
