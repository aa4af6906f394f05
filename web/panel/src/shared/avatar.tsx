import type { AgentStatus } from "@aceno/contract";
import classes from "./avatar.module.css";
import { initials } from "./format.ts";

interface AvatarProps {
  name: string;
  /** Address of the square photo; empty for none. */
  photo?: string;
  size?: number;
  /** With a dot for the status; `offline` also stands for absent. */
  status?: AgentStatus;
}

/** The photo of an agent in a circle, over the initials. Decorative: the name always stands beside it. */
export function Avatar({ name, photo, size = 28, status }: AvatarProps) {
  return (
    <span
      className={classes.avatar}
      style={{ width: size, height: size, fontSize: Math.round(size * 0.4) }}
      data-status={status}
      aria-hidden
    >
      {initials(name)}
      {photo && <img className={classes.photo} src={photo} alt="" />}
    </span>
  );
}
