import "@/app/i18n/quickreply/index.ts";
import type { Conversation } from "@aceno/contract";
import { type RefObject, useEffect, useImperativeHandle, useState } from "react";
import { useTranslation } from "react-i18next";
import classes from "./quick-replies.module.css";
import { useFilled, useReplies } from "./replies.ts";
import { search } from "./search.ts";

/** How many are offered while somebody types. */
const offered = 8;

/** What the typing field asks of the list below its text. */
export interface PickerKeys {
  /** True when the list has taken the key. */
  press(key: string): boolean;
}

interface ReplyPickerProps {
  conversation: Conversation;
  /** What stands after the slash. */
  query: string;
  keys: RefObject<PickerKeys | null>;
  onPick: (text: string) => void;
  onClose: () => void;
  /** Which option is marked, for the typing field to name; empty for none. */
  onMark: (id: string) => void;
}

/** The replies that fit what is typed after a slash, above the typing field. The keys stay in the field (T090). */
export function ReplyPicker({ conversation, query, keys, onPick, onClose, onMark }: ReplyPickerProps) {
  const { t } = useTranslation("quickreply");
  const replies = useReplies();
  const fill = useFilled();
  const [at, setAt] = useState(0);
  const found = search(replies.data ?? [], query).slice(0, offered);
  const marked = found[Math.min(at, found.length - 1)];
  const pick = (index: number) => {
    const reply = found[index];
    if (reply) onPick(fill(reply, conversation));
  };
  const mark = marked ? optionId(marked.id) : "";
  // biome-ignore lint/correctness/useExhaustiveDependencies: a new query begins at its first answer
  useEffect(() => setAt(0), [query]);
  useEffect(() => {
    onMark(mark);
    return () => onMark("");
  }, [mark, onMark]);
  useImperativeHandle(keys, () => ({
    press: (key) => {
      if (key === "Escape") {
        onClose();
        return true;
      }
      if (found.length === 0) return false;
      if (key === "ArrowDown") setAt((Math.min(at, found.length - 1) + 1) % found.length);
      else if (key === "ArrowUp") setAt((Math.min(at, found.length - 1) + found.length - 1) % found.length);
      else if (key === "Enter" || key === "Tab") pick(Math.min(at, found.length - 1));
      else return false;
      return true;
    },
  }));
  return (
    <div className={classes.picker}>
      <div role="listbox" id="quick-reply-list" aria-label={t("list")}>
        {found.map((reply, index) => (
          <div
            key={reply.id}
            id={optionId(reply.id)}
            role="option"
            tabIndex={-1}
            aria-selected={reply === marked}
            className={classes.option}
            onMouseDown={(event) => {
              event.preventDefault();
              pick(index);
            }}
          >
            <b>{reply.title}</b>
            {reply.shortcut && <kbd>/{reply.shortcut}</kbd>}
            <span>{reply.text}</span>
          </div>
        ))}
      </div>
      <span className={classes.state} role="status">
        {replies.isPending
          ? "…"
          : replies.isError
            ? t("failed")
            : found.length === 0
              ? t(replies.data.length === 0 ? "none" : "nothing")
              : null}
      </span>
    </div>
  );
}

function optionId(id: string): string {
  return `quick-reply-${id}`;
}
