import type { GridRow } from "@aceno/contract";
import "@/app/i18n/outreach/index.ts";
import "@mantine/core/styles/Menu.layer.css";
import "@mantine/core/styles/Popover.layer.css";
import { Menu } from "@mantine/core";
import {
  IconBan,
  IconCopy,
  IconExternalLink,
  IconId,
  IconMailForward,
  IconMessage,
  IconNetwork,
  IconRoute,
  IconSpeakerphone,
  IconSquare,
  IconSquareCheck,
} from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { useAccount, usePermission } from "@/app/services.tsx";
import { useDesk } from "@/app/shell/desk.tsx";
import { sendables, whyNot } from "@/features/outreach/rules.ts";
import { noRoles } from "@/shared/anchored.tsx";
import { copyText } from "@/shared/clipboard.ts";
import { safeHref } from "@/shared/format.ts";
import { notify } from "@/shared/notify.ts";
import classes from "./grid.module.css";

export interface MenuPlace {
  row: GridRow;
  x: number;
  y: number;
}

const icons = { invite: IconMailForward, promotion: IconSpeakerphone, redirect: IconRoute };

interface RowMenuProps {
  place: MenuPlace;
  selected: boolean;
  onDetails: (row: GridRow) => void;
  onToggle: () => void;
  onBlock: (row: GridRow) => void;
  onClose: () => void;
}

/** What can be done with a visitor, by right click, the menu key or Shift+F10 (T046). */
export function RowMenu({ place, selected, onDetails, onToggle, onBlock, onClose }: RowMenuProps) {
  const { t } = useTranslation();
  const { t: outreach } = useTranslation("outreach");
  const { showConversation, send } = useDesk();
  const maySend = usePermission("outreach.send");
  const me = useAccount((state) => state.me.agent.id);
  const { row } = place;
  const mayBlock = usePermission("visitor.block");
  const mine = useAccount((state) => row.conversation_id !== null && row.conversation_id in state.conversations);
  const href = safeHref(row.page_url);
  const copy = async (text: string) => {
    if (await copyText(text)) void notify({ message: t("common.copied"), stays: 1_500 });
  };
  return (
    <Menu
      opened
      onChange={(opened) => !opened && onClose()}
      position="bottom-start"
      offset={2}
      width={250}
      trapFocus
      {...noRoles}
      withInitialFocusPlaceholder={false}
    >
      <Menu.Target>
        <span className={classes.menuAnchor} style={{ left: place.x, top: place.y }} />
      </Menu.Target>
      <Menu.Dropdown aria-label={t("grid.menu.label")}>
        <Menu.Item leftSection={<IconId size={15} />} onClick={() => onDetails(row)}>
          {t("grid.menu.details")}
        </Menu.Item>
        {mine && row.conversation_id !== null && (
          <Menu.Item
            leftSection={<IconMessage size={15} />}
            onClick={() => row.conversation_id !== null && showConversation(row.conversation_id)}
          >
            {t("grid.menu.open")}
          </Menu.Item>
        )}
        <Menu.Item leftSection={selected ? <IconSquareCheck size={15} /> : <IconSquare size={15} />} onClick={onToggle}>
          {selected ? t("grid.menu.deselect") : t("grid.menu.select")}
        </Menu.Item>
        {maySend && (
          <>
            <Menu.Divider />
            {sendables.map((kind) => {
              const Icon = icons[kind];
              const reason = whyNot(kind, [row], me);
              return (
                <Menu.Item
                  key={kind}
                  leftSection={<Icon size={15} />}
                  disabled={reason !== null}
                  title={reason === null ? undefined : outreach(`why.${reason}`)}
                  onClick={() => send({ kind, to: [row] })}
                >
                  {outreach(`${kind}.full`)}
                </Menu.Item>
              );
            })}
          </>
        )}
        <Menu.Divider />
        {href && (
          <Menu.Item
            component="a"
            href={href}
            target="_blank"
            rel="noreferrer noopener"
            leftSection={<IconExternalLink size={15} />}
          >
            {t("visit.open_page")}
          </Menu.Item>
        )}
        <Menu.Item leftSection={<IconCopy size={15} />} onClick={() => void copy(row.page_url)}>
          {t("grid.menu.copy_address")}
        </Menu.Item>
        {row.ip && (
          <Menu.Item leftSection={<IconNetwork size={15} />} onClick={() => void copy(row.ip)}>
            {t("grid.menu.copy_ip")}
          </Menu.Item>
        )}
        {mayBlock && row.ip && row.state !== "blocked" && (
          <Menu.Item color="red" leftSection={<IconBan size={15} />} onClick={() => onBlock(row)}>
            {t("grid.menu.block")}
          </Menu.Item>
        )}
      </Menu.Dropdown>
    </Menu>
  );
}
