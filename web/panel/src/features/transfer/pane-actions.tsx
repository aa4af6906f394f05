import "@/app/i18n/transfer/index.ts";
import type { Conversation } from "@aceno/contract";
import { ActionIcon, Button, Menu } from "@mantine/core";
import { IconArrowForwardUp, IconBan, IconClockPause, IconDots, IconTag, IconUserPlus } from "@tabler/icons-react";
import { useMutation } from "@tanstack/react-query";
import { lazy, Suspense, useState } from "react";
import { useTranslation } from "react-i18next";
import { api } from "@/app/api.ts";
import { useAccount, usePermission, useServerNow, useServices } from "@/app/services.tsx";
import { AnchoredMenu } from "@/shared/anchored.tsx";
import { explain } from "@/shared/explain.ts";
import { notify } from "@/shared/notify.ts";
import { Opener } from "@/shared/opener.tsx";
import { tip } from "@/shared/tip.tsx";

const TransferDialog = lazy(() =>
  import("./transfer-dialog.tsx").then((module) => ({ default: module.TransferDialog })),
);
const InviteDialog = lazy(() => import("./invite-dialog.tsx").then((module) => ({ default: module.InviteDialog })));
const TagsDialog = lazy(() => import("./tags-dialog.tsx").then((module) => ({ default: module.TagsDialog })));
const BlockDialog = lazy(() =>
  import("@/features/blocklist/block-dialog.tsx").then((module) => ({ default: module.BlockDialog })),
);

type Asking = "transfer" | "invite" | "tags" | "block";

const holds = [2, 5, 15, 30, 60];

/** What can be done with a conversation beside writing (T109): transfer, bring in a colleague, hold, tags, block. */
export function PaneActions({ conversation }: { conversation: Conversation }) {
  const { t } = useTranslation();
  const [asking, setAsking] = useState<Asking | null>(null);
  const me = useAccount((state) => state.me.agent.id);
  const pending = useAccount((state) =>
    Object.values(state.transfers).some(({ conversation_id }) => conversation_id === conversation.id),
  );
  const mayTransfer = usePermission("conversation.transfer");
  const close = () => setAsking(null);
  const mine = conversation.agent_id === me;
  const active = conversation.state === "active";
  return (
    <>
      {active && mine && mayTransfer && (
        <Button
          variant="default"
          size="xs"
          leftSection={<IconArrowForwardUp size={15} stroke={1.7} aria-hidden />}
          disabled={pending}
          onClick={() => setAsking("transfer")}
        >
          {t("transfer.transfer")}
        </Button>
      )}
      <Opener
        button={(props) => (
          <ActionIcon {...props} {...tip(t("transfer.more"))} aria-label={t("transfer.more")} aria-haspopup="menu">
            <IconDots size={16} />
          </ActionIcon>
        )}
      >
        {(done) => <ActionsMenu conversation={conversation} mine={mine} onAsk={setAsking} onClose={done} />}
      </Opener>
      <Suspense fallback={null}>
        {asking === "transfer" && <TransferDialog conversation={conversation} onClose={close} />}
        {asking === "invite" && <InviteDialog conversation={conversation} onClose={close} />}
        {asking === "tags" && <TagsDialog conversation={conversation} onClose={close} />}
        {asking === "block" && <BlockDialog address={conversation.visitor.ip} onClose={close} />}
      </Suspense>
    </>
  );
}

interface ActionsMenuProps {
  conversation: Conversation;
  mine: boolean;
  onAsk: (asking: Asking) => void;
  onClose: () => void;
}

function ActionsMenu({ conversation, mine, onAsk, onClose }: ActionsMenuProps) {
  const { t } = useTranslation();
  const mayBlock = usePermission("visitor.block");
  const active = conversation.state === "active";
  const now = useServerNow();
  const hold = useHold(conversation.id);
  return (
    <AnchoredMenu onClose={onClose} width={230} position="bottom-end" label={t("transfer.more")}>
      {active && (
        <Menu.Item leftSection={<IconUserPlus size={15} />} onClick={() => onAsk("invite")}>
          {t("transfer.invite")}
        </Menu.Item>
      )}
      <Menu.Item leftSection={<IconTag size={15} />} onClick={() => onAsk("tags")}>
        {t("transfer.tags")}
      </Menu.Item>
      {mayBlock && conversation.visitor.ip && (
        <Menu.Item leftSection={<IconBan size={15} />} color="red" onClick={() => onAsk("block")}>
          {t("transfer.block")}
        </Menu.Item>
      )}
      {active && mine && (
        <>
          <Menu.Divider />
          <Menu.Label>{t("transfer.hold")}</Menu.Label>
          {conversation.hold_until !== null ? (
            <Menu.Item leftSection={<IconClockPause size={15} />} onClick={() => hold.mutate(null)}>
              {t("transfer.unhold")}
            </Menu.Item>
          ) : (
            holds.map((count) => (
              <Menu.Item
                key={count}
                leftSection={<IconClockPause size={15} />}
                onClick={() => hold.mutate(now + count * 60_000)}
              >
                {t("transfer.hold_minutes", { count })}
              </Menu.Item>
            ))
          )}
        </>
      )}
    </AnchoredMenu>
  );
}

/** Puts a conversation on hold until a moment, or takes it off. */
export function useHold(id: string) {
  const { t } = useTranslation();
  const { live } = useServices();
  return useMutation({
    mutationFn: (until: number | null) => api.conversations.hold(id, until),
    onSuccess: (conversation) => live.adopt(conversation),
    onError: (error) => void notify({ tone: "error", message: explain(error, t) }),
  });
}
