import "@/app/theme/forms.ts";
import type { Conversation } from "@aceno/contract";
import { Button, TagsInput } from "@mantine/core";
import { useMutation, useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { api } from "@/app/api.ts";
import { useServices } from "@/app/services.tsx";
import { Dialog } from "@/shared/dialog.tsx";
import { explain } from "@/shared/explain.ts";
import { notify } from "@/shared/notify.ts";
import classes from "./transfer.module.css";

/** The server's limits. */
const most = 20;
const longest = 40;

/** The tags of a conversation; those in use are suggested. */
export function TagsDialog({ conversation, onClose }: { conversation: Conversation; onClose: () => void }) {
  const { t } = useTranslation();
  const { live } = useServices();
  const [tags, setTags] = useState<string[]>(conversation.tags);
  const known = useQuery({ queryKey: ["tags"], queryFn: ({ signal }) => api.conversations.tags(signal) });
  const save = useMutation({
    mutationFn: () => api.conversations.setTags(conversation.id, tags),
    onSuccess: (tagged) => {
      live.adopt(tagged);
      onClose();
    },
    onError: (error) => void notify({ tone: "error", message: explain(error, t) }),
  });
  return (
    <Dialog onClose={onClose} title={t("transfer.tags")}>
      <form
        className={classes.form}
        onSubmit={(event) => {
          event.preventDefault();
          save.mutate();
        }}
      >
        <TagsInput
          aria-label={t("transfer.tags")}
          placeholder={t("transfer.add_tag")}
          data={known.data?.tags ?? []}
          value={tags}
          onChange={(values) => setTags(values.map((value) => value.trim().slice(0, longest)).filter(Boolean))}
          maxTags={most}
          acceptValueOnBlur
          data-autofocus
        />
        <div className={classes.answers}>
          <Button variant="default" onClick={onClose}>
            {t("common.cancel")}
          </Button>
          <Button type="submit" loading={save.isPending}>
            {t("transfer.save")}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
