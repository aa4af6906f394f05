import { Button, Text } from "@mantine/core";
import { IconAlertTriangle } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { explain } from "@/shared/explain.ts";
import classes from "./fault.module.css";

/** The last resort: says what happened and offers to start again. */
export function Fault({ error }: { error: unknown }) {
  const { t } = useTranslation();
  return (
    <main className={classes.page} role="alert">
      <IconAlertTriangle size={28} aria-hidden />
      <h1>{t("shell.crashed")}</h1>
      <Text c="dimmed">{explain(error, t)}</Text>
      <Button onClick={() => window.location.reload()}>{t("shell.reload")}</Button>
    </main>
  );
}
