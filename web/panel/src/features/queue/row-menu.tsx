import "@mantine/core/styles/Menu.layer.css";
import "@mantine/core/styles/Popover.layer.css";
import { ActionIcon, Menu, Portal } from "@mantine/core";
import { IconDotsVertical } from "@tabler/icons-react";
import type { MouseEvent, ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { noRoles } from "@/shared/anchored.tsx";
import classes from "./queue.module.css";

/** What a row is asked for, and where on the screen. */
export interface Asked<T> {
  row: T;
  x: number;
  y: number;
}

/** For a row: right click, the menu key and Shift+F10 ask for its menu (T141). */
export function asks<T>(row: T, onAsk: (asked: Asked<T>) => void) {
  return {
    onContextMenu: (event: MouseEvent) => {
      event.preventDefault();
      onAsk({ row, x: event.clientX, y: event.clientY });
    },
  };
}

/** The same menu by a button, for touch and for who looks for it. */
export function MenuButton<T>({ row, name, onAsk }: { row: T; name: string; onAsk: (asked: Asked<T>) => void }) {
  const { t } = useTranslation();
  return (
    <ActionIcon
      aria-label={t("queue.actions", { name })}
      aria-haspopup="menu"
      onClick={(event) => {
        const box = event.currentTarget.getBoundingClientRect();
        onAsk({ row, x: box.left, y: box.bottom });
      }}
    >
      <IconDotsVertical size={15} />
    </ActionIcon>
  );
}

interface RowMenuProps {
  asked: Asked<unknown>;
  name: string;
  onClose: () => void;
  children: ReactNode;
}

export function RowMenu({ asked, name, onClose, children }: RowMenuProps) {
  const { t } = useTranslation();
  return (
    <Portal>
      <Menu
        opened
        onChange={(opened) => !opened && onClose()}
        position="bottom-start"
        offset={2}
        width={270}
        zIndex={310}
        trapFocus
        returnFocus
        {...noRoles}
        withInitialFocusPlaceholder={false}
      >
        <Menu.Target>
          <span className={classes.menuAnchor} style={{ left: asked.x, top: asked.y }} />
        </Menu.Target>
        <Menu.Dropdown aria-label={t("queue.actions", { name })}>{children}</Menu.Dropdown>
      </Menu>
    </Portal>
  );
}
