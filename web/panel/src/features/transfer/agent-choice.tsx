import type { Conversation } from "@aceno/contract";
import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { api } from "@/app/api.ts";
import { explain } from "@/shared/explain.ts";
import { Waiting } from "@/shared/waiting.tsx";
import classes from "./transfer.module.css";

interface AgentChoiceProps {
  conversation: Conversation;
  /** Those who take part already are left out. */
  without?: readonly string[];
  chosen: string | null;
  onChoose: (agent: string) => void;
}

/** The other agents, with what speaks against each. */
export function AgentChoice({ conversation, without = [], chosen, onChoose }: AgentChoiceProps) {
  const { t } = useTranslation();
  const targets = useQuery({
    queryKey: ["targets", conversation.id],
    queryFn: ({ signal }) => api.conversations.targets(conversation.id, signal),
    refetchInterval: 5_000,
    gcTime: 0,
  });
  if (targets.isError) return <p role="alert">{explain(targets.error, t)}</p>;
  if (!targets.data) return <Waiting />;
  const agents = targets.data.agents.filter(({ agent_id }) => !without.includes(agent_id));
  if (agents.length === 0) return <p className={classes.none}>{t("transfer.no_agents")}</p>;
  return (
    <div className={classes.choices} role="radiogroup" aria-label={t("transfer.to_agent")}>
      {agents.map(({ agent_id, name, status, active, limit, serves, refused }) => {
        const hint = [
          serves ? t("transfer.same_department") : "",
          refused ? t(`transfer.${refused}`) : status === "busy" ? t("transfer.busy") : "",
          t("transfer.load", { active, limit }),
        ];
        return (
          <Choice
            key={agent_id}
            group="target"
            chosen={chosen === agent_id}
            refused={refused !== ""}
            name={name}
            hint={hint.filter(Boolean).join(" · ")}
            onChoose={() => onChoose(agent_id)}
          />
        );
      })}
    </div>
  );
}

interface ChoiceProps {
  group: string;
  chosen: boolean;
  refused: boolean;
  name: string;
  hint: string;
  onChoose: () => void;
}

export function Choice({ group, chosen, refused, name, hint, onChoose }: ChoiceProps) {
  return (
    <label className={classes.choice} data-refused={refused || undefined}>
      <input type="radio" name={group} checked={chosen} disabled={refused} onChange={onChoose} />
      <span className={classes.name}>{name}</span>
      <span className={classes.hint}>{hint}</span>
    </label>
  );
}
