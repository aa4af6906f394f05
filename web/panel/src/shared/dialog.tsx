import "@mantine/core/styles/Overlay.layer.css";
import "@mantine/core/styles/Paper.layer.css";
import "@mantine/core/styles/CloseButton.layer.css";
import "@mantine/core/styles/ScrollArea.layer.css";
import "@mantine/core/styles/ModalBase.layer.css";
import "@mantine/core/styles/Modal.layer.css";
import { Modal, type ModalProps } from "@mantine/core";
import { useTranslation } from "react-i18next";

/** A dialog over the panel. Exists only while it is open. */
export function Dialog(props: Omit<ModalProps, "opened">) {
  const { t } = useTranslation();
  return <Modal opened closeButtonProps={{ "aria-label": t("common.close") }} {...props} />;
}
