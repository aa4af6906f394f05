import type { AgentStatus } from "@aceno/contract";
import classes from "./avatar.module.css";
import { initials } from "./format.ts";

interface AvatarProps {
  name: string;
  size?: number;
  /** With a dot for the status; `offline` also stands for absent. */
  status?: AgentStatus;
}

/** The initials of an agent in a circle. Decorative: the name always stands beside it. */
export function Avatar({ name, size = 28, status }: AvatarProps) {
  return (
    <span
      className={classes.avatar}
      style={{ width: size, height: size, fontSize: Math.round(size * 0.4) }}
      data-status={status}
      aria-hidden
    >
      {initials(name)}
    </span>
  );
}
