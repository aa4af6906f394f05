import "@mantine/core/styles/Overlay.layer.css";
import "@mantine/core/styles/Paper.layer.css";
import "@mantine/core/styles/CloseButton.layer.css";
import "@mantine/core/styles/ScrollArea.layer.css";
import "@mantine/core/styles/ModalBase.layer.css";
import "@mantine/core/styles/Modal.layer.css";
import { type MantineSize, Modal } from "@mantine/core";
import { createContext, type ReactNode, useContext, useEffect, useState } from "react";
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

/** A dialog over the panel. Exists only while it is open. Its head is no page banner, so it is put together by hand. */
export function Dialog({ title, size = "md", onClose, children }: DialogProps) {
  const { t } = useTranslation();
  const cover = useContext(Below);
  const [covered, setCovered] = useState(false);
  useEffect(() => {
    cover(true);
    return () => cover(false);
  }, [cover]);
  return (
    // Escape closes one dialog at a time, the one on top.
    <Modal.Root opened onClose={onClose} size={size} centered radius="md" closeOnEscape={!covered}>
      <Modal.Overlay backgroundOpacity={0.35} />
      <Modal.Content>
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
