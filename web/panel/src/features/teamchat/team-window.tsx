import "@mantine/core/styles/CloseButton.layer.css";
import { CloseButton } from "@mantine/core";
import { type KeyboardEvent, useEffect, useRef } from "react";
import { createPortal } from "react-dom";
import { useTranslation } from "react-i18next";
import { PeopleList } from "./people-list.tsx";
import { RoomView } from "./room-view.tsx";
import classes from "./team.module.css";
import { useTeam, useTeamStore } from "./use-team.ts";

/** A window beside the work, not over it: grid and conversations stay usable. */
export function TeamWindow({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation("teamchat");
  const store = useTeamStore();
  const { room } = useTeam();
  const box = useRef<HTMLElement>(null);
  // biome-ignore lint/correctness/useExhaustiveDependencies: only when it opens; a room takes the focus by itself
  useEffect(() => {
    if (room === null) box.current?.querySelector<HTMLElement>("input, button")?.focus();
  }, []);
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key !== "Escape" || event.defaultPrevented) return;
    event.stopPropagation();
    onClose();
  };
  return createPortal(
    <section
      ref={box}
      className={classes.window}
      data-room={room !== null || undefined}
      role="dialog"
      aria-label={t("full")}
      onKeyDown={onKeyDown}
    >
      <header className={classes.head}>
        <h2>{t("full")}</h2>
        <CloseButton size="sm" aria-label={t("close")} onClick={onClose} />
      </header>
      <PeopleList />
      {room === null ? (
        <div className={classes.nothing}>
          <p>{t("choose")}</p>
          <p className={classes.dim}>{t("choose_hint")}</p>
        </div>
      ) : (
        <RoomView key={room} room={room} onBack={() => store.enter(null)} />
      )}
    </section>,
    document.body,
  );
}
