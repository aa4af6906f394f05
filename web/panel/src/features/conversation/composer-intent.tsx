import { ActionIcon } from "@mantine/core";
import { IconArrowBackUp, IconPencil, IconX } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import classes from "./composer.module.css";
import { type Intent, oneLine } from "./intent.ts";

/** Above the typing field: which message is answered or changed. */
export function ComposerIntent({ intent, onCancel }: { intent: Intent; onCancel: () => void }) {
  const { t } = useTranslation();
  const { kind, message } = intent;
  return (
    <div className={classes.intent} data-testid="intent">
      {kind === "edit" ? <IconPencil size={15} aria-hidden /> : <IconArrowBackUp size={15} aria-hidden />}
      <b>{kind === "edit" ? t("message.editing") : t("message.replying", { name: message.author.name })}</b>
      <span>{oneLine(message, t("message.deleted"))}</span>
      <ActionIcon size="sm" aria-label={t("message.cancel")} onClick={onCancel}>
        <IconX size={14} />
      </ActionIcon>
    </div>
  );
}
