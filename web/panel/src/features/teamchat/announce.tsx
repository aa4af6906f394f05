import { Button } from "@mantine/core";
import i18next from "i18next";
import type { Services } from "@/app/services.tsx";
import { dismissNotice, notify } from "@/shared/notify.ts";
import classes from "./team.module.css";
import type { SaidEvent } from "./team-state.ts";
import type { TeamStore } from "./team-store.ts";

const stays = 8_000;

/** Sound, title and notice of a message that nobody is looking at. Of rooms that are only supervised, mentions alone count. */
export function announce({ live, alerts }: Services, store: TeamStore, room: string, said: SaidEvent): void {
  const { state } = live.getView();
  if (!state) return;
  const { agent } = state.me;
  const { department_id: department, message } = said;
  const mentioned = message.mentions.includes(agent.id);
  const personal = mentioned || department === null;
  if (!personal && !agent.department_ids.includes(department)) return;
  alerts.announce(personal ? "mention" : "team", `${i18next.t("teamchat:button")}: ${message.author_name}`);
  // In the open window the list shows it.
  if (!personal || document.hidden || store.get().open) return;
  const id = `team-${room}`;
  const where = department === null ? "" : (state.departments[department]?.name ?? "");
  const open = () => {
    void dismissNotice(id);
    store.enter(room);
    store.show(true);
  };
  void notify({
    id,
    title: department
      ? i18next.t("teamchat:notice_mention", { name: message.author_name, room: where })
      : message.author_name,
    message: (
      <>
        <p className={classes.notice}>{message.file?.name ?? message.text}</p>
        <Button size="xs" variant="default" onClick={open}>
          {i18next.t("teamchat:notice_open")}
        </Button>
      </>
    ),
    stays,
  });
}
