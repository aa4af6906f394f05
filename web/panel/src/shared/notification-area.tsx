import "@mantine/core/styles/CloseButton.layer.css";
import "@mantine/core/styles/Notification.layer.css";
import "@mantine/notifications/styles.layer.css";
import { Notifications, notifications } from "@mantine/notifications";
import { useEffect } from "react";
import type { Notice } from "./notify.ts";

const colors = { plain: "brand", warning: "yellow", error: "red" } as const;

export function showNotice({ id, tone = "plain", title, message, stays = 5_000 }: Notice): void {
  if (id) notifications.hide(id);
  notifications.show({
    id,
    color: colors[tone],
    title,
    message,
    autoClose: stays,
    role: tone === "error" ? "alert" : "status",
  });
}

export function hideNotice(id: string): void {
  notifications.hide(id);
}

let mounted: () => void = () => undefined;

/** Settles when the area is on the screen: a notice shown before would never appear. */
export const areaMounted = new Promise<void>((resolve) => {
  mounted = resolve;
});

export function NotificationArea() {
  useEffect(() => mounted(), []);
  return <Notifications position="top-right" limit={4} containerWidth={360} />;
}
