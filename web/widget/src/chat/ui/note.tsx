import type { ComponentChildren } from "preact";
import { Icon } from "./icons";

/** A quiet message in the middle of the screen, with what can be done about it. */
export function Note({
  icon,
  title,
  text,
  children,
}: {
  icon?: "clock" | "tick";
  title: string;
  text?: string;
  children?: ComponentChildren;
}) {
  return (
    <div class="note">
      {icon && (
        <span class="note-icon">
          <Icon name={icon} />
        </span>
      )}
      <h3>{title}</h3>
      {text && <p>{text}</p>}
      {children}
    </div>
  );
}
