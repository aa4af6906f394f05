import { Button } from "@mantine/core";
import { IconCheck, IconCopy } from "@tabler/icons-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { copyText } from "@/shared/clipboard.ts";
import { Dialog } from "@/shared/dialog.tsx";
import classes from "./agents.module.css";

interface AccessDialogProps {
  name: string;
  login: string;
  password: string;
  onClose: () => void;
}

/** What an agent needs to sign in. The password is shown this once: the server does not know it any more. */
export function AccessDialog({ name, login, password, onClose }: AccessDialogProps) {
  const { t } = useTranslation("admin");
  const { t: common } = useTranslation();
  const [copied, setCopied] = useState(false);
  const address = window.location.origin;
  const text = [
    `${t("agents.address")}: ${address}`,
    `${t("agents.login")}: ${login}`,
    `${t("agents.password")}: ${password}`,
  ].join("\n");
  return (
    <Dialog title={t("agents.access_of", { name })} onClose={onClose}>
      <p className={classes.hint}>{t("agents.access_hint")}</p>
      <pre className={classes.access}>{text}</pre>
      <div className={classes.answers}>
        <Button
          leftSection={copied ? <IconCheck size={15} /> : <IconCopy size={15} />}
          onClick={async () => setCopied(await copyText(text))}
          data-autofocus
        >
          {copied ? t("copied") : t("agents.copy_access")}
        </Button>
        <Button variant="default" onClick={onClose}>
          {common("common.close")}
        </Button>
      </div>
    </Dialog>
  );
}
