import type { Message } from "@aceno/contract";
import { Button, Menu } from "@mantine/core";
import { IconArrowBackUp, IconHistory, IconPencil, IconTrash } from "@tabler/icons-react";
import { useMutation, useQuery } from "@tanstack/react-query";
import { lazy, Suspense, useState } from "react";
import { useTranslation } from "react-i18next";
import { api } from "@/app/api.ts";
import { currentLocale } from "@/app/i18n/index.ts";
import { useAccount, useServerNow, useServices } from "@/app/services.tsx";
import { AnchoredMenu } from "@/shared/anchored.tsx";
import { explain } from "@/shared/explain.ts";
import { formatMoment } from "@/shared/format.ts";
import { notify } from "@/shared/notify.ts";
import { type Intent, mayChange } from "./intent.ts";
import classes from "./messages.module.css";
import { emojis, useReact } from "./reactions.tsx";

const Dialog = lazy(() => import("@/shared/dialog.tsx").then((module) => ({ default: module.Dialog })));

interface MessageMenuProps {
  message: Message;
  visitor: string;
  active: boolean;
  onIntent: (intent: Intent) => void;
  onClose: () => void;
}

/** What can be done with one message (P04). */
export function MessageMenu({ message, visitor, active, onIntent, onClose }: MessageMenuProps) {
  const { t } = useTranslation();
  const me = useAccount((state) => state.me.agent.id);
  const now = useServerNow();
  const react = useReact(message);
  const [asking, setAsking] = useState<"take_back" | "history" | null>(null);
  const own = message.reactions?.find(({ by, id }) => by === "agent" && id === me)?.emoji;
  const changeable = active && mayChange(message, me, now);
  const intend = (kind: Intent["kind"]) => {
    onClose();
    onIntent({ kind, message });
  };
  if (asking) {
    return (
      <Suspense fallback={null}>
        <Dialog onClose={onClose} size="sm" title={t(`message.${asking}_title`)}>
          {asking === "history" ? (
            <History message={message} />
          ) : (
            <TakeBack message={message} visitor={visitor} onClose={onClose} />
          )}
        </Dialog>
      </Suspense>
    );
  }
  return (
    <AnchoredMenu onClose={onClose} width={220} position="top-end" label={t("message.menu")}>
      {active && !message.deleted_at && (
        <>
          <div className={classes.picker}>
            {emojis.map((emoji) => (
              <Menu.Item
                key={emoji}
                aria-label={t("message.react", { emoji })}
                data-chosen={emoji === own || undefined}
                onClick={() => {
                  react.mutate(emoji === own ? "" : emoji);
                  onClose();
                }}
              >
                {emoji}
              </Menu.Item>
            ))}
          </div>
          <Menu.Item leftSection={<IconArrowBackUp size={15} />} onClick={() => intend("reply")}>
            {t("message.reply")}
          </Menu.Item>
        </>
      )}
      {changeable && message.kind === "text" && (
        <Menu.Item leftSection={<IconPencil size={15} />} onClick={() => intend("edit")}>
          {t("message.edit")}
        </Menu.Item>
      )}
      {changeable && (
        <Menu.Item
          color="red"
          closeMenuOnClick={false}
          leftSection={<IconTrash size={15} />}
          onClick={() => setAsking("take_back")}
        >
          {t("message.take_back")}
        </Menu.Item>
      )}
      {(message.edited_at || message.deleted_at) && (
        <Menu.Item
          closeMenuOnClick={false}
          leftSection={<IconHistory size={15} />}
          onClick={() => setAsking("history")}
        >
          {t("message.history")}
        </Menu.Item>
      )}
    </AnchoredMenu>
  );
}

function TakeBack({ message, visitor, onClose }: { message: Message; visitor: string; onClose: () => void }) {
  const { t } = useTranslation();
  const { threads } = useServices();
  const take = useMutation({
    mutationFn: () => api.conversations.takeBack(message.conversation_id, message.sequence),
    onSuccess: (changed) => {
      onClose();
      threads.renew([changed]);
    },
    onError: (error) => void notify({ tone: "error", message: explain(error, t) }),
  });
  const internal = message.audience === "agents";
  return (
    <>
      <p className={classes.asked}>
        {internal ? t("message.take_back_internal") : t("message.take_back_text", { name: visitor })}
      </p>
      <div className={classes.answers}>
        <Button variant="default" onClick={onClose}>
          {t("common.cancel")}
        </Button>
        <Button color="red" loading={take.isPending} onClick={() => take.mutate()} data-autofocus>
          {t("message.take_back")}
        </Button>
      </div>
    </>
  );
}

function History({ message }: { message: Message }) {
  const { t } = useTranslation();
  const { conversation_id: id, sequence, revision } = message;
  const asked = useQuery({
    queryKey: ["revisions", id, sequence, revision],
    queryFn: ({ signal }) => api.conversations.revisions(id, sequence, signal),
  });
  if (asked.error) return <p role="alert">{explain(asked.error, t)}</p>;
  if (!asked.data) return <p>{t("common.loading")}</p>;
  const { revisions } = asked.data;
  if (revisions.length === 0) return <p>{t("message.history_empty")}</p>;
  return (
    <ol className={classes.history}>
      {revisions.map(({ text, file, replaced_at }) => (
        <li key={replaced_at}>
          <small>{t("message.history_until", { time: formatMoment(replaced_at, currentLocale()) })}</small>
          {file && (
            <a href={file.url} download={file.name}>
              {file.name}
            </a>
          )}
          <span className={classes.text}>{text}</span>
        </li>
      ))}
    </ol>
  );
}
