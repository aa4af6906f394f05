import "@/app/i18n/quickreply/index.ts";
import { Button } from "@mantine/core";
import { IconMessageBolt } from "@tabler/icons-react";
import { lazy, Suspense, useState } from "react";
import { useTranslation } from "react-i18next";
import classes from "@/features/toolbar/toolbar.module.css";
import { tip } from "@/shared/tip.tsx";

const QuickWindow = lazy(() => import("./quick-window.tsx").then((module) => ({ default: module.QuickWindow })));

/** In the toolbar: opens and closes the floating window (T086). */
export function QuickRepliesButton() {
  const { t } = useTranslation("quickreply");
  const [open, setOpen] = useState(false);
  return (
    <>
      <Button
        {...tip(t("title"))}
        className={classes.plain}
        variant="subtle"
        color="gray"
        leftSection={<IconMessageBolt size={16} stroke={1.7} />}
        aria-label={t("title")}
        aria-expanded={open}
        aria-haspopup="dialog"
        onClick={() => setOpen(!open)}
      >
        <span className={classes.wide}>{t("button")}</span>
      </Button>
      {open && (
        <Suspense fallback={null}>
          <QuickWindow onClose={() => setOpen(false)} />
        </Suspense>
      )}
    </>
  );
}
