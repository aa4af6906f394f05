import "@/app/theme/forms.ts";
import type { Conversation } from "@aceno/contract";
import { Button, SegmentedControl, Textarea } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { api } from "@/app/api.ts";
import { useAccount, useServices } from "@/app/services.tsx";
import { Dialog } from "@/shared/dialog.tsx";
import { explain } from "@/shared/explain.ts";
import { notify } from "@/shared/notify.ts";
import { AgentChoice, Choice } from "./agent-choice.tsx";
import classes from "./transfer.module.css";

/** The server refuses longer ones. */
const longestNote = 500;

interface TransferDialogProps {
  conversation: Conversation;
  onClose: () => void;
}

/** Gives a conversation to another agent, who is asked, or into the queue of a department (T111, T112). */
export function TransferDialog({ conversation, onClose }: TransferDialogProps) {
  const { t } = useTranslation();
  const { live } = useServices();
  const [kind, setKind] = useState<"agent" | "department">("agent");
  const [chosen, setChosen] = useState<string | null>(null);
  const [note, setNote] = useState("");
  const departments = useAccount((state) => state.departments);
  const open = Object.values(departments)
    .filter(({ active }) => active)
    .sort((a, b) => a.position - b.position);
  const send = useMutation({
    mutationFn: async (target: string) => {
      if (kind === "agent") await api.conversations.transfer(conversation.id, target, note);
      else live.adopt(await api.conversations.requeue(conversation.id, target, note));
    },
    onSuccess: onClose,
    onError: (error) => void notify({ tone: "error", message: explain(error, t) }),
  });
  return (
    <Dialog onClose={onClose} title={t("transfer.title", { name: conversation.visitor.name })}>
      <form
        className={classes.form}
        onSubmit={(event) => {
          event.preventDefault();
          if (chosen) send.mutate(chosen);
        }}
      >
        <SegmentedControl
          fullWidth
          value={kind}
          onChange={(value) => {
            setKind(value === "department" ? "department" : "agent");
            setChosen(null);
          }}
          data={[
            { value: "agent", label: t("transfer.to_agent") },
            { value: "department", label: t("transfer.to_department") },
          ]}
        />
        {kind === "agent" ? (
          <AgentChoice conversation={conversation} chosen={chosen} onChoose={setChosen} />
        ) : (
          <div className={classes.choices} role="radiogroup" aria-label={t("transfer.to_department")}>
            {open.map(({ id, name, online }) => (
              <Choice
                key={id}
                group="target"
                chosen={chosen === id}
                refused={!online}
                name={name}
                hint={online ? "" : t("transfer.unattended")}
                onChoose={() => setChosen(id)}
              />
            ))}
          </div>
        )}
        <Textarea
          label={t("transfer.note")}
          maxLength={longestNote}
          autosize={false}
          rows={2}
          value={note}
          onChange={(event) => setNote(event.currentTarget.value)}
        />
        <div className={classes.answers}>
          <Button variant="default" onClick={onClose}>
            {t("common.cancel")}
          </Button>
          <Button type="submit" disabled={chosen === null} loading={send.isPending}>
            {t("transfer.go")}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
