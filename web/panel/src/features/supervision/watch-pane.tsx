import type { Audience, Conversation } from "@aceno/contract";
import { ActionIcon, Alert, Button, SegmentedControl } from "@mantine/core";
import { IconArrowLeft, IconLock } from "@tabler/icons-react";
import { type KeyboardEvent, useState } from "react";
import { useTranslation } from "react-i18next";
import { useAccount, useServerNow, useServices } from "@/app/services.tsx";
import { useDesk } from "@/app/shell/desk.tsx";
import { textLength } from "@/features/conversation/attachments.ts";
import { MessageList } from "@/features/conversation/message-list.tsx";
import { explain } from "@/shared/explain.ts";
import { formatElapsed } from "@/shared/format.ts";
import { Interventions, useJoined } from "./interventions.tsx";
import classes from "./supervision.module.css";
import { useWatched } from "./use-watched.ts";

/** The conversation that is watched, live, and what a supervisor may do in it (T135–T142). */
export function WatchPane({ id }: { id: string }) {
  const { t } = useTranslation("supervision");
  const desk = useDesk();
  // Whoever joined goes on here; only what is the supervisor's own belongs into the tabs.
  const mine = useAccount((state) => state.conversations[id]?.agent_id === state.me.agent.id);
  if (!mine) return <Watching id={id} />;
  return (
    <div className={classes.choose}>
      <p>{t("yours")}</p>
      <Button
        onClick={() => {
          desk.show(null);
          desk.showConversation(id);
        }}
      >
        {t("open_tab")}
      </Button>
    </div>
  );
}

function Watching({ id }: { id: string }) {
  const { t } = useTranslation("supervision");
  const { t: panel } = useTranslation();
  const { conversation, gone, error, retry } = useWatched(id);
  if (gone && !conversation) return <p className={classes.choose}>{t("gone")}</p>;
  if (!conversation) {
    if (error === null) {
      return (
        <p className={classes.choose} role="status">
          {panel("common.loading")}
        </p>
      );
    }
    return (
      <Alert color="red" p="xs" m="sm">
        {explain(error, panel)}{" "}
        <Button variant="subtle" size="compact-xs" onClick={retry}>
          {panel("common.retry")}
        </Button>
      </Alert>
    );
  }
  const over = gone || (conversation.state !== "active" && conversation.state !== "waiting");
  return (
    <>
      <Head conversation={conversation} />
      <MessageList conversation={conversation} />
      {over ? (
        <p className={classes.over} role="status">
          {t("gone")}
        </p>
      ) : conversation.state === "waiting" ? (
        <p className={classes.over}>{t("whisper_waiting")}</p>
      ) : (
        <Word key={conversation.id} conversation={conversation} />
      )}
    </>
  );
}

function Head({ conversation }: { conversation: Conversation }) {
  const { t } = useTranslation("supervision");
  const desk = useDesk();
  const now = useServerNow();
  const { agent_id: agentId, joined_at: joined, queue_entered_at: entered } = conversation;
  const agent = useAccount((state) => (agentId ? (state.agents[agentId]?.name ?? "—") : null));
  const department = useAccount((state) => state.departments[conversation.department_id]?.name ?? "—");
  return (
    <header className={classes.head}>
      <ActionIcon className={classes.back} aria-label={t("back")} onClick={() => desk.supervise(null)}>
        <IconArrowLeft size={17} />
      </ActionIcon>
      <h3 className={classes.title}>
        <span className={classes.dim}>#{conversation.number}</span> {conversation.visitor.name}
      </h3>
      <span className={classes.dim}>
        {department} · {agent ? t("with", { agent }) : t("waiting")} ·{" "}
        {formatElapsed((conversation.ended_at ?? now) - (joined ?? entered))}
      </span>
      <span className={classes.space} />
      {conversation.state === "active" && <Interventions conversation={conversation} />}
    </header>
  );
}

/** A word to the agent that the visitor never sees (T136, B14); who joined may speak to the visitor too (T137). */
function Word({ conversation }: { conversation: Conversation }) {
  const { t } = useTranslation("supervision");
  const { outbox } = useServices();
  const limit = useAccount((state) => state.limits.text);
  const joined = useJoined(conversation);
  const [text, setText] = useState("");
  const [wish, setWish] = useState<Audience>("agents");
  const audience = joined ? wish : "agents";
  const ready = text.trim() !== "" && textLength(text) <= limit;
  const send = () => {
    if (!ready) return;
    outbox.add(conversation.id, audience, { text: text.trim(), file: null });
    setText("");
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key !== "Enter" || event.shiftKey || event.nativeEvent.isComposing) return;
    event.preventDefault();
    send();
  };
  return (
    <form
      className={classes.word}
      data-internal={audience === "agents" || undefined}
      onSubmit={(event) => {
        event.preventDefault();
        send();
      }}
    >
      {joined && (
        <SegmentedControl
          aria-label={t("to")}
          value={audience}
          data={[
            { value: "agents", label: t("to_agent") },
            { value: "visitor", label: t("to_visitor") },
          ]}
          onChange={(value) => setWish(value === "visitor" ? "visitor" : "agents")}
        />
      )}
      {audience === "agents" && <IconLock size={15} aria-hidden />}
      <textarea
        rows={2}
        value={text}
        maxLength={limit * 2}
        aria-label={t(audience === "agents" ? "whisper" : "speak")}
        placeholder={t(audience === "agents" ? "whisper_place" : "speak_place")}
        onChange={(event) => setText(event.currentTarget.value)}
        onKeyDown={onKeyDown}
      />
      <Button type="submit" disabled={!ready}>
        {t(audience === "agents" ? "whisper_send" : "speak_send")}
      </Button>
    </form>
  );
}
