import "@/app/i18n/conversation/index.ts";
import "@/app/i18n/message/index.ts";
import { ActionIcon } from "@mantine/core";
import { IconChevronDown, IconChevronUp, IconDotsVertical } from "@tabler/icons-react";
import { lazy, useMemo } from "react";
import { useTranslation } from "react-i18next";
import { useAccount, usePreferences } from "@/app/services.tsx";
import { useDesk } from "@/app/shell/desk.tsx";
import { Opener } from "@/shared/opener.tsx";
import { tip } from "@/shared/tip.tsx";
import { Announcer } from "./announcer.tsx";
import classes from "./conversation.module.css";
import { ConversationPane } from "./conversation-pane.tsx";
import { ConversationTab } from "./conversation-tab.tsx";
import { inTabOrder } from "./tab-rules.ts";

const SizeMenu = lazy(() => import("./size-menu.tsx").then((module) => ({ default: module.SizeMenu })));

/** Below the grid, one tab per conversation, in three sizes (T100–T105). */
export function ConversationWindow() {
  const { t } = useTranslation();
  const desk = useDesk();
  const { window_size: size } = usePreferences();
  const conversations = useAccount((state) => state.conversations);
  const order = useMemo(() => inTabOrder(Object.values(conversations)), [conversations]);
  const front = order.find(({ id }) => id === desk.front);
  const { minimised } = desk;
  return (
    <section
      id="conversation-window"
      tabIndex={-1}
      className={classes.window}
      data-size={minimised ? "minimised" : size}
      aria-label={t("conversation.window")}
    >
      <div className={classes.tabs}>
        <ul aria-label={t("conversation.tabs")}>
          {order.map((conversation) => (
            <ConversationTab
              key={conversation.id}
              conversation={conversation}
              front={conversation.id === desk.front && !minimised}
            />
          ))}
        </ul>
        <span className={classes.space} />
        <Opener
          button={(props) => (
            <ActionIcon
              {...props}
              {...tip(t("conversation.size"))}
              className={classes.sizeButton}
              aria-label={t("conversation.size")}
              aria-haspopup="menu"
            >
              <IconDotsVertical size={16} />
            </ActionIcon>
          )}
        >
          {(close) => <SizeMenu onClose={close} />}
        </Opener>
        <ActionIcon
          {...tip(minimised ? t("conversation.restore") : t("conversation.minimise"))}
          aria-label={minimised ? t("conversation.restore") : t("conversation.minimise")}
          aria-expanded={!minimised}
          onClick={() => desk.setMinimised(!minimised)}
        >
          {minimised ? <IconChevronUp size={16} /> : <IconChevronDown size={16} />}
        </ActionIcon>
      </div>
      {front && !minimised && <ConversationPane key={front.id} conversation={front} />}
      <Announcer />
    </section>
  );
}
