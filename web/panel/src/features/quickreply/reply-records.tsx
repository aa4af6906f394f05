import type { QuickReply } from "@aceno/contract";
import { Button, TextInput } from "@mantine/core";
import { IconPlus } from "@tabler/icons-react";
import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { api } from "@/app/api.ts";
import { useAccount } from "@/app/services.tsx";
import { RecordList } from "@/features/admin/record-list.tsx";
import { explain } from "@/shared/explain.ts";
import { notify } from "@/shared/notify.ts";
import classes from "./quick-replies.module.css";
import { useReplies } from "./replies.ts";
import { ReplyForm } from "./reply-form.tsx";
import { search } from "./search.ts";

/** The account's replies, or the agent's own: the list, and the form in its place. */
export function ReplyRecords({ own }: { own: boolean }) {
  const { t } = useTranslation("quickreply");
  const { t: common } = useTranslation();
  const me = useAccount((state) => state.me.agent.id);
  const departments = useAccount((state) => state.departments);
  const replies = useReplies();
  const [text, setText] = useState("");
  const [edited, setEdited] = useState<QuickReply | "new" | null>(null);
  const [leaving, setLeaving] = useState<string | null>(null);
  const remove = useMutation({
    mutationFn: (id: string) => api.quickReplies.remove(id),
    onError: (error) => void notify({ tone: "error", message: explain(error, common) }),
    onSettled: () => setLeaving(null),
  });
  if (edited !== null) {
    return <ReplyForm reply={edited === "new" ? null : edited} own={own} onDone={() => setEdited(null)} />;
  }
  const mine = (replies.data ?? []).filter(({ agent_id }) => agent_id === (own ? me : null));
  const share = ({ share: kind, department_id: id }: QuickReply) =>
    kind === "department" ? (departments[id ?? ""]?.name ?? "") : t(`form.share_${kind}`);
  return (
    <>
      <div className={classes.bar}>
        <TextInput
          type="search"
          aria-label={t("search")}
          placeholder={t("search")}
          value={text}
          onChange={(event) => setText(event.currentTarget.value)}
        />
        <Button leftSection={<IconPlus size={15} />} onClick={() => setEdited("new")}>
          {t("add")}
        </Button>
      </div>
      {replies.isPending && <p role="status">{common("common.loading")}</p>}
      {replies.isError && <p role="alert">{explain(replies.error, common)}</p>}
      {replies.data && (
        <RecordList
          label={t("list")}
          records={search(mine, text)}
          keyOf={({ id }) => id}
          empty={t(mine.length === 0 ? "none" : "nothing")}
          columns={[
            {
              id: "title",
              label: t("form.title"),
              cell: (reply) => (
                <button type="button" className={classes.link} onClick={() => setEdited(reply)}>
                  {reply.title}
                </button>
              ),
            },
            { id: "shortcut", label: t("form.shortcut"), cell: ({ shortcut }) => shortcut && `/${shortcut}` },
            { id: "folder", label: t("form.folder"), wide: true, cell: ({ folder }) => folder },
            {
              id: "text",
              label: t("form.text"),
              wide: true,
              cell: ({ text: body }) => <span className={classes.clip}>{body}</span>,
            },
            { id: "share", label: t("columns.share"), wide: true, cell: share },
            { id: "uses", label: t("columns.uses"), number: true, wide: true, cell: ({ uses }) => uses },
            {
              id: "remove",
              label: "",
              cell: ({ id, title }) =>
                leaving === id ? (
                  <Button color="red" size="compact-xs" loading={remove.isPending} onClick={() => remove.mutate(id)}>
                    {t("form.remove_title")}
                  </Button>
                ) : (
                  <Button
                    variant="subtle"
                    color="gray"
                    size="compact-xs"
                    aria-label={`${t("form.remove")}: ${title}`}
                    onClick={() => setLeaving(id)}
                  >
                    {t("form.remove")}
                  </Button>
                ),
            },
          ]}
        />
      )}
    </>
  );
}
