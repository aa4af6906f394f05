import { lazy, Suspense } from "react";
import { useDesk } from "./desk.tsx";

const PreferencesDialog = lazy(() =>
  import("@/features/preferences/preferences-dialog.tsx").then((module) => ({ default: module.PreferencesDialog })),
);
const QueueDialog = lazy(() =>
  import("@/features/queue/queue-dialog.tsx").then((module) => ({ default: module.QueueDialog })),
);
const LeaveDialog = lazy(() =>
  import("@/features/session/leave-dialog.tsx").then((module) => ({ default: module.LeaveDialog })),
);
const OwnDialog = lazy(() =>
  import("@/features/agent/own-dialog.tsx").then((module) => ({ default: module.OwnDialog })),
);

const OwnRepliesDialog = lazy(() =>
  import("@/features/quickreply/own-replies-dialog.tsx").then((module) => ({ default: module.OwnRepliesDialog })),
);
const SupervisionDialog = lazy(() =>
  import("@/features/supervision/supervision-dialog.tsx").then((module) => ({ default: module.SupervisionDialog })),
);

/** The dialog that is open, if one is; the same over the panel and over the administration area. */
export function Dialogs() {
  const { dialog } = useDesk();
  return (
    <Suspense fallback={null}>
      {dialog === "preferences" && <PreferencesDialog />}
      {dialog === "queue" && <QueueDialog />}
      {dialog === "supervision" && <SupervisionDialog />}
      {dialog === "replies" && <OwnRepliesDialog />}
      {dialog === "leave" && <LeaveDialog />}
      {(dialog === "profile" || dialog === "password" || dialog === "photo") && <OwnDialog part={dialog} />}
    </Suspense>
  );
}
