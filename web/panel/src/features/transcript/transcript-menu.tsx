import "@/app/i18n/transcript/index.ts";
import type { Conversation } from "@aceno/contract";
import { ActionIcon, Menu } from "@mantine/core";
import { IconFileText, IconMail, IconPrinter } from "@tabler/icons-react";
import { lazy, Suspense, useState } from "react";
import { useTranslation } from "react-i18next";
import { usePermission } from "@/app/services.tsx";
import { AnchoredMenu } from "@/shared/anchored.tsx";
import { Opener } from "@/shared/opener.tsx";
import { tip } from "@/shared/tip.tsx";

const TranscriptDialog = lazy(() =>
  import("./transcript-dialog.tsx").then((module) => ({ default: module.TranscriptDialog })),
);

/** A conversation on paper: by e-mail to the visitor, or printed (T117, P04). */
export function TranscriptMenu({ conversation }: { conversation: Conversation }) {
  const { t } = useTranslation("transcript");
  const maySend = usePermission("conversation.reply");
  const [sending, setSending] = useState(false);
  return (
    <>
      <Opener
        button={(props) => (
          <ActionIcon {...props} {...tip(t("menu"))} aria-label={t("menu")} aria-haspopup="menu">
            <IconFileText size={16} />
          </ActionIcon>
        )}
      >
        {(close) => (
          <AnchoredMenu onClose={close} width={230} label={t("menu")}>
            {maySend && (
              <Menu.Item leftSection={<IconMail size={15} />} onClick={() => setSending(true)}>
                {t("send")}
              </Menu.Item>
            )}
            <Menu.Item
              component="a"
              href={`/print/${conversation.id}`}
              target="_blank"
              leftSection={<IconPrinter size={15} />}
            >
              {t("print")}
            </Menu.Item>
          </AnchoredMenu>
        )}
      </Opener>
      {sending && (
        <Suspense fallback={null}>
          <TranscriptDialog conversation={conversation} onClose={() => setSending(false)} />
        </Suspense>
      )}
    </>
  );
}
