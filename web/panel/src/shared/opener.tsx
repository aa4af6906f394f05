import { type MouseEvent, type ReactNode, Suspense, useCallback, useState } from "react";
import classes from "./opener.module.css";

export interface OpenerButton {
  "aria-expanded": boolean;
  onClick: () => void;
  onMouseDown: (event: MouseEvent) => void;
}

interface OpenerProps {
  /** Draws the button with the props it is given. */
  button: (props: OpenerButton) => ReactNode;
  /** What opens beside it, usually fetched only then. */
  children: (close: () => void) => ReactNode;
  /** When the state lives elsewhere. */
  open?: boolean;
  onOpen?: (open: boolean) => void;
}

/** A button and the menu or panel it opens. */
export function Opener({ button, children, open, onOpen }: OpenerProps) {
  const [own, setOwn] = useState(false);
  const opened = open ?? own;
  const set = onOpen ?? setOwn;
  const close = useCallback(() => set(false), [set]);
  return (
    <span className={classes.opener}>
      {button({
        "aria-expanded": opened,
        onClick: () => set(!opened),
        // Else the click would close it as a click outside, and then open it again.
        onMouseDown: (event) => {
          if (opened) event.stopPropagation();
        },
      })}
      {opened && <Suspense fallback={null}>{children(close)}</Suspense>}
    </span>
  );
}
