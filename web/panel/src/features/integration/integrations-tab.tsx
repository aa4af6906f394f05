import "@/app/i18n/integration/index.ts";
import type { Conversation, IntegrationFrame } from "@aceno/contract";
import { ActionIcon } from "@mantine/core";
import { IconExternalLink, IconRefresh } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { api } from "@/app/api.ts";
import { Failed } from "@/features/conversation/side/failed.tsx";
import { tip } from "@/shared/tip.tsx";
import classes from "./integration.module.css";

/** What a framed page may do: work as a page does, but not move the panel. It never is of the panel's own origin. */
const sandbox =
  "allow-scripts allow-forms allow-same-origin allow-popups allow-popups-to-escape-sandbox allow-downloads";

/** Pages of the account's own, told by a signed context whose conversation it is (T129). */
export function IntegrationsTab({ conversation }: { conversation: Conversation }) {
  const { t } = useTranslation("integration");
  const [chosen, setChosen] = useState<string | null>(null);
  // An address is good for one loading: it is asked for anew each time, and never by itself while the agent works in the page.
  const query = useQuery({
    queryKey: ["frames", conversation.id, conversation.visitor.version ?? 0],
    queryFn: async ({ signal }) => (await api.conversations.frames(conversation.id, signal)).frames,
    gcTime: 0,
    staleTime: Number.POSITIVE_INFINITY,
    refetchOnWindowFocus: false,
    refetchOnReconnect: false,
  });
  if (!query.data) return <Failed query={query} />;
  const frame = query.data.find(({ id }) => id === chosen) ?? query.data[0];
  if (!frame) return null;
  return (
    <div className={classes.tab}>
      <div className={classes.bar}>
        {query.data.length > 1 ? (
          <fieldset className={classes.pages} aria-label={t("pages")}>
            {query.data.map(({ id, name }) => (
              <button key={id} type="button" aria-pressed={id === frame.id} onClick={() => setChosen(id)}>
                {name}
              </button>
            ))}
          </fieldset>
        ) : (
          <strong>{frame.name}</strong>
        )}
        <ActionIcon
          {...tip(t("reload"))}
          size="sm"
          aria-label={t("reload")}
          loading={query.isFetching}
          onClick={() => void query.refetch()}
        >
          <IconRefresh size={14} />
        </ActionIcon>
        <ActionIcon
          {...tip(t("open"))}
          component="a"
          href={frame.url}
          target="_blank"
          rel="noreferrer noopener"
          size="sm"
          aria-label={t("open")}
        >
          <IconExternalLink size={14} />
        </ActionIcon>
      </div>
      <Page key={`${frame.id} ${query.dataUpdatedAt}`} frame={frame} />
    </div>
  );
}

function Page({ frame }: { frame: IntegrationFrame }) {
  const { t } = useTranslation("integration");
  // In the panel's own origin a sandbox that allows scripts holds nothing.
  if (new URL(frame.url).origin === window.location.origin) return <p role="alert">{t("own_origin")}</p>;
  return (
    <iframe
      className={classes.frame}
      title={frame.name}
      src={frame.url}
      sandbox={sandbox}
      referrerPolicy="no-referrer"
      allow=""
    />
  );
}
