import "@/app/theme/forms.ts";
import "@mantine/core/styles/Paper.layer.css";
import "@mantine/core/styles/FloatingWindow.layer.css";
import type { QuickReply } from "@aceno/contract";
import { Button, CloseButton, FloatingWindow, TextInput } from "@mantine/core";
import { useMemo, useState } from "react";
import { useTranslation } from "react-i18next";
import { useAccount } from "@/app/services.tsx";
import { useDesk } from "@/app/shell/desk.tsx";
import { insertInto } from "./insertion.ts";
import classes from "./quick-replies.module.css";
import { useFilled, useReplies } from "./replies.ts";
import { search } from "./search.ts";

/** Beside everything else, to be moved where it is not in the way: a click inserts, nothing is sent (T086–T090). */
export function QuickWindow({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation("quickreply");
  const desk = useDesk();
  const replies = useReplies();
  const fill = useFilled();
  const [text, setText] = useState("");
  const front = useAccount((state) => (desk.front === null ? undefined : state.conversations[desk.front]));
  const found = useMemo(() => search(replies.data ?? [], text), [replies.data, text]);
  const folders = useMemo(() => inFolders(found), [found]);
  const ready = front?.state === "active" && !desk.minimised;
  return (
    <FloatingWindow
      className={classes.window}
      role="dialog"
      aria-label={t("title")}
      withBorder
      shadow="md"
      radius="md"
      constrainToViewport
      constrainOffset={8}
      dragHandleSelector="[data-drag]"
      excludeDragHandleSelector="button"
      initialPosition={{ top: 92, right: 20 }}
      onKeyDown={(event) => event.key === "Escape" && onClose()}
    >
      <header className={classes.head} data-drag title={t("move")}>
        <h2>{t("title")}</h2>
        <CloseButton size="sm" aria-label={t("close")} onClick={onClose} />
      </header>
      <div className={classes.tools}>
        <TextInput
          type="search"
          data-autofocus
          autoFocus
          aria-label={t("search")}
          placeholder={t("search")}
          value={text}
          onChange={(event) => setText(event.currentTarget.value)}
        />
        <Button variant="default" onClick={() => desk.show("replies")}>
          {t("manage")}
        </Button>
      </div>
      <span className={classes.state} role="status">
        {!ready
          ? t("no_conversation")
          : replies.isError
            ? t("failed")
            : found.length === 0 && replies.data
              ? t(replies.data.length === 0 ? "none" : "nothing")
              : t("results", { count: found.length })}
      </span>
      <div className={classes.scroll}>
        {folders.map(([folder, list]) => (
          <section key={folder} aria-label={folder || t("no_folder")}>
            <h3>{folder || t("no_folder")}</h3>
            {list.map((reply) => (
              <button
                key={reply.id}
                type="button"
                className={classes.reply}
                aria-disabled={!ready}
                aria-label={t("insert", { title: reply.title })}
                title={reply.text}
                onClick={() => ready && insertInto(front.id, fill(reply, front))}
              >
                <b>{reply.title}</b>
                {reply.shortcut && <kbd>/{reply.shortcut}</kbd>}
                <Whose reply={reply} />
                <span>{reply.text}</span>
              </button>
            ))}
          </section>
        ))}
      </div>
    </FloatingWindow>
  );
}

function Whose({ reply }: { reply: QuickReply }) {
  const { t } = useTranslation("quickreply");
  const me = useAccount((state) => state.me.agent.id);
  const name = useAccount((state) => (reply.agent_id === null ? "" : (state.agents[reply.agent_id]?.name ?? "")));
  if (reply.agent_id === null) return null;
  return <small>{reply.agent_id === me ? t("own") : t("of", { name })}</small>;
}

/** By folder, those without one last; within a folder the order of the search. */
function inFolders(replies: readonly QuickReply[]): [string, QuickReply[]][] {
  const folders = new Map<string, QuickReply[]>();
  for (const reply of replies) folders.set(reply.folder, [...(folders.get(reply.folder) ?? []), reply]);
  return [...folders].sort(([a], [b]) => Number(a === "") - Number(b === "") || a.localeCompare(b));
}
