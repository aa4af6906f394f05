import type { Conversation } from "@aceno/contract";
import { ActionIcon, Button } from "@mantine/core";
import { useMediaQuery } from "@mantine/hooks";
import { IconArrowLeft, IconLayoutSidebarRight } from "@tabler/icons-react";
import { lazy, Suspense, useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import { useAccount, usePermission, usePreferences, useServerNow, useServices } from "@/app/services.tsx";
import { useDesk } from "@/app/shell/desk.tsx";
import { formatElapsed } from "@/shared/format.ts";
import { tip } from "@/shared/tip.tsx";
import { Composer } from "./composer.tsx";
import classes from "./conversation.module.css";
import { useCloseConversation } from "./conversation-tab.tsx";
import type { Intent } from "./intent.ts";
import { MessageList } from "./message-list.tsx";
import { SidePanel } from "./side/side-panel.tsx";
import { useSideTab } from "./side/tabs.ts";

const PaneActions = lazy(() =>
  import("../transfer/pane-actions.tsx").then((module) => ({ default: module.PaneActions })),
);
const AnswerNote = lazy(() => import("../offer/answer-note.tsx").then((module) => ({ default: module.AnswerNote })));
const PaneNotes = lazy(() => import("../transfer/pane-notes.tsx").then((module) => ({ default: module.PaneNotes })));
const TranscriptMenu = lazy(() =>
  import("@/features/transcript/transcript-menu.tsx").then((module) => ({ default: module.TranscriptMenu })),
);
const EndDialog = lazy(() => import("./end-dialog.tsx").then((module) => ({ default: module.EndDialog })));

/** One conversation: who, what can be done, the messages, the typing field, and the visitor's details (T109, T110). */
export function ConversationPane({ conversation }: { conversation: Conversation }) {
  const { t } = useTranslation();
  const desk = useDesk();
  const { live, preferences } = useServices();
  const { window_details: wanted } = usePreferences();
  const narrow = useMediaQuery("(max-width: 48em)") ?? false;
  const [intent, setIntent] = useState<Intent | null>(null);
  const [shownNarrow, setShownNarrow] = useState(false);
  const details = narrow ? shownNarrow : wanted;
  const toggleDetails = () => (narrow ? setShownNarrow(!details) : preferences.update({ window_details: !details }));
  const { asked } = useSideTab(conversation.id);
  useEffect(() => {
    if (asked === 0) return;
    setShownNarrow(true);
    preferences.update({ window_details: true });
  }, [asked, preferences]);
  const department = useAccount((state) => state.departments[conversation.department_id]?.name ?? "");
  const { visitor, state } = conversation;
  const mayReply = usePermission("conversation.reply");
  const me = useAccount((account) => account.me.agent.id);
  useEffect(() => {
    live.reportSelf({ viewing: conversation.id });
    return () => live.reportSelf({ viewing: null });
  }, [live, conversation.id]);
  return (
    <div className={classes.pane} data-pane data-details={details || undefined}>
      <div className={classes.chat}>
        <div>
          <header className={classes.acts}>
            <ActionIcon
              className={classes.back}
              aria-label={t("conversation.back")}
              onClick={() => desk.setMinimised(true)}
            >
              <IconArrowLeft size={17} />
            </ActionIcon>
            <h2 className={classes.who}>{visitor.name}</h2>
            <span className={classes.about}>
              {[visitor.email, department].filter(Boolean).join(" · ")}
              <Elapsed conversation={conversation} />
            </span>
            <span className={classes.space} />
            <Suspense fallback={null}>
              <TranscriptMenu conversation={conversation} />
            </Suspense>
            <ActionIcon
              {...tip(t("conversation.show_details"))}
              aria-label={t("conversation.show_details")}
              aria-pressed={details}
              onClick={toggleDetails}
            >
              <IconLayoutSidebarRight size={16} />
            </ActionIcon>
            <Suspense fallback={null}>
              <PaneActions conversation={conversation} />
            </Suspense>
            {state === "active" && conversation.agent_id === me && <EndButton conversation={conversation} />}
          </header>
          <Suspense fallback={null}>
            <AnswerNote conversation={conversation} />
            <PaneNotes conversation={conversation} />
          </Suspense>
        </div>
        <MessageList conversation={conversation} onIntent={setIntent} />
        {state === "active" ? (
          mayReply && <Composer conversation={conversation} intent={intent} onIntent={setIntent} />
        ) : (
          <Ended conversation={conversation} />
        )}
      </div>
      {details && <SidePanel conversation={conversation} />}
    </div>
  );
}

function Elapsed({ conversation }: { conversation: Conversation }) {
  const { t } = useTranslation();
  const now = useServerNow();
  const from = conversation.joined_at ?? conversation.queue_entered_at;
  return (
    <span className={classes.elapsed} title={t("conversation.elapsed")}>
      {" · "}
      {formatElapsed((conversation.ended_at ?? now) - from)}
    </span>
  );
}

function EndButton({ conversation }: { conversation: Conversation }) {
  const { t } = useTranslation();
  const [asking, setAsking] = useState(false);
  const allowed = usePermission("conversation.end");
  if (!allowed) return null;
  return (
    <>
      <Button
        className={classes.end}
        variant="default"
        aria-label={t("conversation.end_full")}
        onClick={() => setAsking(true)}
      >
        {t("conversation.end")}
      </Button>
      {asking && (
        <Suspense fallback={null}>
          <EndDialog conversation={conversation} onClose={() => setAsking(false)} />
        </Suspense>
      )}
    </>
  );
}

function Ended({ conversation }: { conversation: Conversation }) {
  const { t } = useTranslation();
  const close = useCloseConversation();
  return (
    <div className={classes.ended} role="status">
      <span>{t("conversation.ended_note")}</span>
      <Button variant="default" loading={close.isPending} onClick={() => close.mutate(conversation)}>
        {t("conversation.close")}
      </Button>
    </div>
  );
}
