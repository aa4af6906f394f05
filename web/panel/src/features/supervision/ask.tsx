import { Button } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { Dialog } from "@/shared/dialog.tsx";
import classes from "./supervision.module.css";

interface AskProps {
  title: string;
  text: string;
  answer: string;
  /** It ends something of somebody else's. */
  destroys?: boolean;
  pending: boolean;
  onAnswer: () => void;
  onClose: () => void;
}

/** A question before a supervisor interferes with another's work. */
export function Ask({ title, text, answer, destroys, pending, onAnswer, onClose }: AskProps) {
  const { t } = useTranslation();
  return (
    <Dialog onClose={onClose} title={title} size="sm">
      <p className={classes.question}>{text}</p>
      <div className={classes.answers}>
        <Button variant="default" onClick={onClose}>
          {t("common.cancel")}
        </Button>
        <Button color={destroys ? "red" : undefined} loading={pending} onClick={onAnswer} data-autofocus>
          {answer}
        </Button>
      </div>
    </Dialog>
  );
}
