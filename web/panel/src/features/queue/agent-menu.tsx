import type { QueueAgent, QueueStatus } from "@aceno/contract";
import { Menu } from "@mantine/core";
import {
  IconArrowDown,
  IconArrowUp,
  IconEye,
  IconLogout,
  IconPlayerSkipForward,
  IconRotateClockwise,
} from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { useAccount } from "@/app/services.tsx";
import { useDesk } from "@/app/shell/desk.tsx";
import { notify } from "@/shared/notify.ts";
import { type Asked, RowMenu } from "./row-menu.tsx";
import { placed } from "./sorting.ts";
import { useArrange } from "./use-arrange.ts";

interface AgentMenuProps {
  asked: Asked<QueueAgent>;
  order: readonly string[];
  onOrder: (ids: readonly string[]) => Promise<boolean>;
  status: QueueStatus;
  onEnd: () => void;
  onClose: () => void;
}

/** What a supervisor may do about an agent: watch the work, change the part in the roulette, end the session. */
export function AgentMenu({ asked, order, onOrder, status, onEnd, onClose }: AgentMenuProps) {
  const { t } = useTranslation();
  const desk = useDesk();
  const arrange = useArrange(status);
  const { agent_id: id, method } = asked.row;
  const me = useAccount((state) => state.me.agent.id);
  const agent = useAccount((state) => state.agents[id]?.name ?? "—");
  // The list may have changed since the menu was opened.
  const skipped = status.agents.find((each) => each.agent_id === id)?.skipped ?? false;
  const at = order.indexOf(id);
  const skip = async () => {
    const done = await arrange.roulette([{ agent_id: id, skipped: !skipped }]);
    if (done) void notify({ message: t(skipped ? "queue.unskipped_now" : "queue.skipped_now", { agent }) });
  };
  return (
    <RowMenu asked={asked} name={agent} onClose={onClose}>
      <Menu.Item leftSection={<IconEye size={15} />} onClick={() => desk.supervise(null, id)}>
        {t("queue.supervise")}
      </Menu.Item>
      {method !== "manual" && (
        <Menu.Item
          leftSection={skipped ? <IconRotateClockwise size={15} /> : <IconPlayerSkipForward size={15} />}
          onClick={() => void skip()}
        >
          {t(skipped ? "queue.unskip" : "queue.skip")}
        </Menu.Item>
      )}
      {at !== -1 && (
        <>
          <Menu.Item
            leftSection={<IconArrowUp size={15} />}
            disabled={at === 0}
            onClick={() => void onOrder(placed(order, id, at - 1))}
          >
            {t("queue.up")}
          </Menu.Item>
          <Menu.Item
            leftSection={<IconArrowDown size={15} />}
            disabled={at === order.length - 1}
            onClick={() => void onOrder(placed(order, id, at + 1))}
          >
            {t("queue.down")}
          </Menu.Item>
        </>
      )}
      {id !== me && (
        <>
          <Menu.Divider />
          <Menu.Item color="red" leftSection={<IconLogout size={15} />} onClick={onEnd}>
            {t("queue.end_session")}
          </Menu.Item>
        </>
      )}
    </RowMenu>
  );
}
