import "@/app/theme/forms.ts";
import { type Conversation, type Note, newKey } from "@aceno/contract";
import { ActionIcon, Button, Textarea } from "@mantine/core";
import { IconPencil, IconTrash } from "@tabler/icons-react";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { api } from "@/app/api.ts";
import { currentLocale } from "@/app/i18n/index.ts";
import { useAccount, usePermission, useServices } from "@/app/services.tsx";
import { explain } from "@/shared/explain.ts";
import { formatMoment } from "@/shared/format.ts";
import { tip } from "@/shared/tip.tsx";
import { Failed } from "./failed.tsx";
import classes from "./side.module.css";

const longest = 2000;

/** What agents noted about the visitor, in this conversation and before, signed and dated (T126, T130). Live. */
export function NotesTab({ conversation }: { conversation: Conversation }) {
  const { t } = useTranslation();
  const { live } = useServices();
  const client = useQueryClient();
  const mayWrite = usePermission("conversation.reply");
  const key = ["notes", conversation.id];
  const query = useQuery({
    queryKey: key,
    queryFn: async ({ signal }) => (await api.conversations.notes(conversation.id, signal)).notes,
    staleTime: 0,
  });
  useEffect(
    () =>
      live.onEvent(({ kind }) => {
        if (kind === "note.changed") void client.invalidateQueries({ queryKey: ["notes"] });
      }),
    [live, client],
  );
  return (
    <div className={classes.stack}>
      {mayWrite && <NewNote conversation={conversation.id} />}
      <Failed query={query} />
      {query.data?.length === 0 && <p className={classes.quiet}>{t("side.note_empty")}</p>}
      {query.data && query.data.length > 0 && (
        <ul className={classes.list}>
          {query.data.map((note) => (
            <NoteItem key={note.id} note={note} />
          ))}
        </ul>
      )}
    </div>
  );
}

function NewNote({ conversation }: { conversation: string }) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const [text, setText] = useState("");
  const id = useRef(newKey());
  const add = useMutation({
    mutationFn: () => api.conversations.addNote(conversation, id.current, text),
    onSuccess: () => {
      id.current = newKey();
      setText("");
      return client.invalidateQueries({ queryKey: ["notes"] });
    },
  });
  return (
    <form
      className={classes.stack}
      onSubmit={(event) => {
        event.preventDefault();
        if (text.trim() !== "") add.mutate();
      }}
    >
      <Textarea
        size="xs"
        label={t("side.note_new")}
        description={t("side.note_hint")}
        rows={2}
        maxLength={longest}
        value={text}
        error={add.isError && explain(add.error, t)}
        onChange={(event) => setText(event.currentTarget.value)}
        onKeyDown={(event) => {
          if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) event.currentTarget.form?.requestSubmit();
        }}
      />
      {text.trim() !== "" && (
        <div className={classes.end}>
          <Button type="submit" size="compact-sm" loading={add.isPending}>
            {t("side.note_add")}
          </Button>
        </div>
      )}
    </form>
  );
}

function NoteItem({ note }: { note: Note }) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const author = useAccount((state) => state.agents[note.agent_id]?.name ?? "");
  const me = useAccount((state) => state.me.agent.id);
  const supervises = usePermission("supervision.all");
  const [draft, setDraft] = useState<string | null>(null);
  const own = note.agent_id === me;
  const again = () => client.invalidateQueries({ queryKey: ["notes"] });
  const change = useMutation({
    mutationFn: (text: string) => api.notes.change(note, text),
    onSuccess: () => {
      setDraft(null);
      return again();
    },
    onError: again,
  });
  const remove = useMutation({ mutationFn: () => api.notes.remove(note.id), onSettled: again });
  const locale = currentLocale();
  const error = change.error ?? remove.error;
  return (
    <li className={classes.note} data-testid="note">
      {draft === null ? (
        <p>{note.text}</p>
      ) : (
        <Textarea
          aria-label={t("side.note_edit")}
          autosize
          maxLength={longest}
          value={draft}
          onChange={(event) => setDraft(event.currentTarget.value)}
          data-autofocus
        />
      )}
      {error && <span role="alert">{explain(error, t)}</span>}
      <div className={classes.signed}>
        <span>
          {author} ·{" "}
          <time dateTime={new Date(note.created_at).toISOString()}>{formatMoment(note.created_at, locale)}</time>
          {note.changed_at > note.created_at &&
            ` · ${t("side.note_changed", { at: formatMoment(note.changed_at, locale) })}`}
        </span>
        <span className={classes.space} />
        {draft === null && own && (
          <ActionIcon
            {...tip(t("side.note_edit"))}
            size="sm"
            aria-label={t("side.note_edit")}
            onClick={() => setDraft(note.text)}
          >
            <IconPencil size={14} />
          </ActionIcon>
        )}
        {draft === null && (own || supervises) && (
          <ActionIcon
            {...tip(t("side.note_remove"))}
            size="sm"
            aria-label={t("side.note_remove")}
            disabled={remove.isPending}
            onClick={() => window.confirm(t("side.note_remove_sure")) && remove.mutate()}
          >
            <IconTrash size={14} />
          </ActionIcon>
        )}
      </div>
      {draft !== null && (
        <div className={classes.end}>
          <Button variant="default" size="compact-sm" onClick={() => setDraft(null)}>
            {t("common.cancel")}
          </Button>
          <Button
            size="compact-sm"
            disabled={draft.trim() === ""}
            loading={change.isPending}
            onClick={() => change.mutate(draft)}
          >
            {t("side.save")}
          </Button>
        </div>
      )}
    </li>
  );
}
