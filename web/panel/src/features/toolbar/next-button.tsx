import { NetworkError, newKey, Problem } from "@aceno/contract";
import { Button } from "@mantine/core";
import { IconPlayerPlayFilled } from "@tabler/icons-react";
import { useMutation } from "@tanstack/react-query";
import { useEffect, useRef } from "react";
import { useTranslation } from "react-i18next";
import { api } from "@/app/api.ts";
import { useAccount, useLiveView, useServices } from "@/app/services.tsx";
import { useDesk } from "@/app/shell/desk.tsx";
import { explain } from "@/shared/explain.ts";
import { notify } from "@/shared/notify.ts";
import { tip } from "@/shared/tip.tsx";
import { whyNot } from "./next-state.ts";
import classes from "./toolbar.module.css";

/** One click attends whoever has waited longest (T051, T052). */
export function NextButton() {
  const { t } = useTranslation();
  const { live } = useServices();
  const desk = useDesk();
  const state = useAccount((each) => each);
  const link = useLiveView((view) => view.link.status);
  const waiting = state.counters.waiting;
  const refusal = whyNot(state, link);
  /** Kept over a lost answer, so that pressing again takes nobody else. */
  const key = useRef<string | null>(null);
  const take = useMutation({
    mutationFn: () => {
      key.current ??= newKey();
      return api.queue.next(key.current);
    },
    retry: (count, error) =>
      count < 4 && (error instanceof NetworkError || (error instanceof Problem && error.transient)),
    retryDelay: (attempt) => 500 * 2 ** attempt,
    onSuccess: (conversation) => {
      key.current = null;
      live.adopt(conversation);
      desk.showConversation(conversation.id);
    },
    onError: (error) => {
      if (error instanceof Problem) key.current = null;
      void notify({ id: "next", tone: "warning", message: explain(error, t) });
    },
  });
  const press = () => {
    if (refusal === null && !take.isPending) take.mutate();
  };
  useShortcut(press);
  const reason =
    refusal === null
      ? `${t("toolbar.next_hint")} · Alt+N`
      : t(`toolbar.${refusal}`, { limit: state.me.agent.conversation_limit });
  return (
    <Button
      {...tip(reason)}
      aria-description={reason}
      className={classes.next}
      leftSection={<IconPlayerPlayFilled size={12} />}
      rightSection={
        <span className={classes.badge} data-none={waiting === 0 || undefined} aria-hidden>
          {waiting > 99 ? "99+" : waiting}
        </span>
      }
      loading={take.isPending}
      data-disabled={refusal !== null || undefined}
      aria-disabled={refusal !== null}
      aria-label={t("toolbar.next_waiting", { n: waiting })}
      aria-keyshortcuts="Alt+N"
      onClick={press}
    >
      <span className={classes.wide}>{t("toolbar.next")}</span>
      <span className={classes.narrow}>{t("toolbar.next_short")}</span>
    </Button>
  );
}

function useShortcut(press: () => void): void {
  const latest = useRef(press);
  latest.current = press;
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (!event.altKey || event.ctrlKey || event.metaKey || event.code !== "KeyN") return;
      event.preventDefault();
      latest.current();
    };
    window.addEventListener("keydown", onKey);
    return () => window.removeEventListener("keydown", onKey);
  }, []);
}
