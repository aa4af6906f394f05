import "@mantine/core/styles/Menu.layer.css";
import "@mantine/core/styles/Popover.layer.css";
import "@mantine/core/styles/ScrollArea.layer.css";
import { type FloatingPosition, Menu, Popover, type PopoverProps } from "@mantine/core";
import { IconCheck } from "@tabler/icons-react";
import type { ReactNode } from "react";
import classes from "./opener.module.css";

/** The anchor is only a place: the button beside it says what it opens. */
export const noRoles: Pick<PopoverProps, "withRoles"> = { withRoles: false };

interface AnchoredProps {
  onClose: () => void;
  width?: number;
  position?: FloatingPosition;
  label?: string;
  children: ReactNode;
}

/** A menu that hangs at its `Opener`. Exists only while it is open. */
export function AnchoredMenu({ onClose, width, position = "bottom-end", label, children }: AnchoredProps) {
  return (
    <Menu
      opened
      onChange={(opened) => !opened && onClose()}
      position={position}
      width={width}
      returnFocus
      {...noRoles}
      withInitialFocusPlaceholder={false}
      checkIcon={<IconCheck size={14} />}
    >
      <Menu.Target>
        <span className={classes.anchor} />
      </Menu.Target>
      <Menu.Dropdown aria-label={label}>{children}</Menu.Dropdown>
    </Menu>
  );
}

/** A panel that hangs at its `Opener`. */
export function AnchoredPanel({ onClose, width, position = "bottom-end", label, children }: AnchoredProps) {
  return (
    <Popover
      opened
      onChange={(opened) => !opened && onClose()}
      position={position}
      width={width}
      shadow="md"
      trapFocus
      returnFocus
      {...noRoles}
    >
      <Popover.Target>
        <span className={classes.anchor} />
      </Popover.Target>
      <Popover.Dropdown role="dialog" aria-label={label}>
        {children}
      </Popover.Dropdown>
    </Popover>
  );
}
