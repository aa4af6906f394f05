import "@/app/theme/forms.ts";
import { type Conversation, type Language, Problem } from "@aceno/contract";
import { Alert, Button, Select, TextInput } from "@mantine/core";
import { useMutation, useQuery } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { useTranslation } from "react-i18next";
import { api } from "@/app/api.ts";
import { isLanguage, languages } from "@/app/i18n/index.ts";
import { languageNames } from "@/app/i18n/names.ts";
import { useAccount } from "@/app/services.tsx";
import { Dialog } from "@/shared/dialog.tsx";
import { explain } from "@/shared/explain.ts";
import { notify } from "@/shared/notify.ts";
import classes from "./transcript.module.css";

/** Where the transcript goes, in which language, and how it reads; what is internal is not in it (T117, T120). */
export function TranscriptDialog({ conversation, onClose }: { conversation: Conversation; onClose: () => void }) {
  const { t } = useTranslation("transcript");
  const { t: common } = useTranslation();
  const account = useAccount((state) => state.me.account.language);
  const [language, setLanguage] = useState<Language>(() => spoken(conversation.visitor.language) ?? account);
  const [email, setEmail] = useState(conversation.visitor.email);
  const { id, last_sequence } = conversation;
  const preview = useQuery({
    queryKey: ["transcript", id, language, last_sequence],
    queryFn: ({ signal }) => api.conversations.transcript(id, language, signal),
  });
  const send = useMutation({
    mutationFn: () => api.conversations.sendTranscript(id, { email: email.trim(), language }),
    onSuccess: (receipt) => {
      void notify({ message: t("sent", { email: receipt.email }) });
      onClose();
    },
  });
  const refused = send.error instanceof Problem ? send.error.fields.find(({ field }) => field === "email") : undefined;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    send.mutate();
  };
  const off = preview.data?.mail === false;
  return (
    <Dialog onClose={onClose} title={t("title")} size="lg">
      <form className={classes.form} onSubmit={submit} noValidate>
        {off && (
          <Alert color="yellow" p="xs">
            {t("mail_off")}
          </Alert>
        )}
        {send.isError && !refused && (
          <Alert color="red" p="xs" role="alert">
            {explain(send.error, common)}
          </Alert>
        )}
        <div className={classes.pair}>
          <TextInput
            type="email"
            label={t("to")}
            maxLength={254}
            required
            data-autofocus
            value={email}
            error={refused?.detail}
            onChange={(event) => setEmail(event.currentTarget.value)}
          />
          <Select
            label={t("language")}
            allowDeselect={false}
            value={language}
            data={languages.map((value) => ({ value, label: languageNames[value] }))}
            onChange={(value) => isLanguage(value) && setLanguage(value)}
          />
        </div>
        <section aria-label={t("preview")}>
          <small>
            {t("preview")}. {t("note")}
          </small>
          {preview.isError && <p role="alert">{explain(preview.error, common)}</p>}
          {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region must be reachable by keyboard */}
          <pre className={classes.preview} tabIndex={0}>
            {preview.data ? `${preview.data.subject}\n\n${preview.data.text}` : t("loading")}
          </pre>
        </section>
        <div className={classes.foot}>
          <Button variant="default" onClick={onClose}>
            {common("common.cancel")}
          </Button>
          <Button type="submit" loading={send.isPending} disabled={off || email.trim() === ""}>
            {t("submit")}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}

/** The visitor's language, if the product speaks it. */
function spoken(tag: string): Language | null {
  const short = tag.slice(0, 2).toLowerCase();
  return isLanguage(short) ? short : null;
}
