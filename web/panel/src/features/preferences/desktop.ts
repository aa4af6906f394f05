/** Whether the browser lets this page put notices on the desktop; `missing` where it knows none. */
export type DesktopPermission = NotificationPermission | "missing";

export function desktopPermission(): DesktopPermission {
  return typeof Notification === "undefined" ? "missing" : Notification.permission;
}

/** Asks, from a click; the browser asks the agent at most once. */
export async function askForDesktop(): Promise<DesktopPermission> {
  if (desktopPermission() === "default") await Notification.requestPermission();
  return desktopPermission();
}

/** Puts a notice on the desktop; one of the same kind replaces the one before. A click brings the panel to the front. */
export function showOnDesktop(kind: string, title: string): void {
  if (desktopPermission() !== "granted") return;
  try {
    const notice = new Notification(title, { tag: `aceno-${kind}` });
    notice.onclick = () => {
      window.focus();
      notice.close();
    };
  } catch {
    // Browsers of phones know the class and refuse to make one: sound and title have said it.
  }
}
