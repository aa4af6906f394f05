import "@mantine/core/styles/Overlay.layer.css";
import "@mantine/core/styles/Paper.layer.css";
import "@mantine/core/styles/CloseButton.layer.css";
import "@mantine/core/styles/ScrollArea.layer.css";
import "@mantine/core/styles/ModalBase.layer.css";
import "@mantine/core/styles/Modal.layer.css";
import { type MantineSize, Modal } from "@mantine/core";
import { createContext, type ReactNode, useContext, useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import classes from "./dialog.module.css";

interface DialogProps {
  title: string;
  size?: MantineSize | (string & {});
  onClose: () => void;
  children: ReactNode;
}

/** Tells the dialog below that another one lies over it, or no longer. */
const Below = createContext<(covered: boolean) => void>(() => {});

const focusIsLost = () => document.activeElement === null || document.activeElement === document.body;

/** A dialog over the panel. Exists only while it is open. Its head is no page banner, so it is put together by hand. */
export function Dialog({ title, size = "md", onClose, children }: DialogProps) {
  const { t } = useTranslation();
  const cover = useContext(Below);
  const [covered, setCovered] = useState(false);
  const content = useRef<HTMLDivElement>(null);
  // The Modal gives the focus back when it is told to close; ours is taken away instead.
  const [opener] = useState(() => document.activeElement);
  useEffect(() => {
    cover(true);
    return () => {
      cover(false);
      if (focusIsLost() && opener instanceof HTMLElement) opener.focus({ preventScroll: true });
    };
  }, [cover, opener]);
  // What opened the dialog above may be gone by now, as a menu is: then the focus comes here.
  useEffect(() => {
    if (!covered) return;
    return () => {
      if (focusIsLost()) content.current?.focus({ preventScroll: true });
    };
  }, [covered]);
  return (
    // Escape closes one dialog at a time, the one on top.
    <Modal.Root opened onClose={onClose} size={size} centered radius="md" closeOnEscape={!covered}>
      <Modal.Overlay backgroundOpacity={0.35} />
      <Modal.Content ref={content}>
        <div className={classes.head}>
          <Modal.Title className={classes.title}>{title}</Modal.Title>
          <Modal.CloseButton aria-label={t("common.close")} />
        </div>
        <Modal.Body>
          <Below value={setCovered}>{children}</Below>
        </Modal.Body>
      </Modal.Content>
    </Modal.Root>
  );
}
