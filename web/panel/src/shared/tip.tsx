import { useEffect, useRef, useState } from "react";
import classes from "./tip.module.css";

const openAfter = 350;
const gap = 6;
const margin = 8;

interface Tip {
  text: string;
  x: number;
  y: number;
  above: boolean;
}

/** What a control says when the pointer or the focus rests on it. Shown by the one `TipLayer`. */
export function tip(text: string): { "data-tip": string } {
  return { "data-tip": text };
}

/**
 * One bubble for all tips: nothing is mounted per button. It is for eyes only; whoever cannot see it has the control's name
 * and description.
 */
export function TipLayer() {
  const [shown, setShown] = useState<Tip | null>(null);
  const timer = useRef<number | undefined>(undefined);
  useEffect(() => {
    const hide = () => {
      window.clearTimeout(timer.current);
      setShown(null);
    };
    const rest = (target: EventTarget | null, delay: number) => {
      hide();
      const host = target instanceof Element ? target.closest<HTMLElement>("[data-tip]") : null;
      if (!host) return;
      timer.current = window.setTimeout(() => {
        const text = host.dataset.tip;
        if (!text || !host.isConnected) return;
        const box = host.getBoundingClientRect();
        const above = box.top > window.innerHeight * 0.45;
        setShown({ text, x: box.left + box.width / 2, y: above ? box.top - gap : box.bottom + gap, above });
      }, delay);
    };
    const over = (event: PointerEvent) => {
      if (event.pointerType === "mouse") rest(event.target, openAfter);
    };
    const focus = (event: FocusEvent) => {
      if (event.target instanceof Element && event.target.matches(":focus-visible")) rest(event.target, openAfter);
    };
    const key = (event: KeyboardEvent) => {
      if (event.key === "Escape") hide();
    };
    document.addEventListener("pointerover", over);
    document.addEventListener("pointerdown", hide);
    document.addEventListener("focusin", focus);
    document.addEventListener("focusout", hide);
    document.addEventListener("keydown", key);
    document.addEventListener("scroll", hide, { capture: true, passive: true });
    return () => {
      hide();
      document.removeEventListener("pointerover", over);
      document.removeEventListener("pointerdown", hide);
      document.removeEventListener("focusin", focus);
      document.removeEventListener("focusout", hide);
      document.removeEventListener("keydown", key);
      document.removeEventListener("scroll", hide, { capture: true });
    };
  }, []);
  const bubble = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const element = bubble.current;
    if (!element || !shown) return;
    const { width } = element.getBoundingClientRect();
    const left = Math.max(margin, Math.min(window.innerWidth - width - margin, shown.x - width / 2));
    element.style.left = `${left}px`;
    element.style.visibility = "visible";
  }, [shown]);
  if (!shown) return null;
  return (
    <div
      key={`${shown.text} ${shown.x}`}
      ref={bubble}
      className={classes.tip}
      data-above={shown.above || undefined}
      style={{ top: shown.y, visibility: "hidden" }}
      aria-hidden
    >
      {shown.text}
    </div>
  );
}
