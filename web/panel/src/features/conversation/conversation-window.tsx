import { ActionIcon, Menu, Tooltip } from "@mantine/core";
import { IconCheck, IconChevronDown, IconChevronUp, IconDotsVertical } from "@tabler/icons-react";
import { useMemo } from "react";
import { useTranslation } from "react-i18next";
import { useAccount, usePreferences, useServices } from "@/app/services.tsx";
import { useDesk } from "@/app/shell/desk.tsx";
import type { WindowSize } from "@/features/preferences/preferences.ts";
import { Announcer } from "./announcer.tsx";
import { ConversationPane } from "./conversation-pane.tsx";
import { ConversationTab } from "./conversation-tab.tsx";
import { inTabOrder } from "./tab-rules.ts";
import classes from "./conversation.module.css";

const sizes: readonly WindowSize[] = ["compact", "half", "full"];

/** Below the grid, one tab per conversation, in three sizes (T100–T105). */
export function ConversationWindow() {
  const { t } = useTranslation();
  const desk = useDesk();
  const { preferences } = useServices();
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
        <Menu position="top-end" width={170}>
          <Menu.Target>
            <Tooltip label={t("conversation.size")}>
              <ActionIcon className={classes.sizeButton} aria-label={t("conversation.size")}>
                <IconDotsVertical size={16} />
              </ActionIcon>
            </Tooltip>
          </Menu.Target>
          <Menu.Dropdown>
            {sizes.map((value) => (
              <Menu.Item
                key={value}
                role="menuitemradio"
                aria-checked={size === value}
                rightSection={size === value ? <IconCheck size={14} aria-hidden /> : undefined}
                onClick={() => {
                  preferences.update({ window_size: value });
                  desk.setMinimised(false);
                }}
              >
                {t(`conversation.size_${value}`)}
              </Menu.Item>
            ))}
          </Menu.Dropdown>
        </Menu>
        <Tooltip label={minimised ? t("conversation.restore") : t("conversation.minimise")}>
          <ActionIcon
            aria-label={minimised ? t("conversation.restore") : t("conversation.minimise")}
            aria-expanded={!minimised}
            onClick={() => desk.setMinimised(!minimised)}
          >
            {minimised ? <IconChevronUp size={16} /> : <IconChevronDown size={16} />}
          </ActionIcon>
        </Tooltip>
      </div>
      {front && !minimised && <ConversationPane key={front.id} conversation={front} />}
      <Announcer />
    </section>
  );
}
