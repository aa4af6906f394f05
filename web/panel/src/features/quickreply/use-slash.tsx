import type { Conversation } from "@aceno/contract";
import { type KeyboardEvent, lazy, Suspense, useRef, useState } from "react";
import type { PickerKeys } from "./reply-picker.tsx";
import { slashed } from "./search.ts";

const ReplyPicker = lazy(() => import("./reply-picker.tsx").then((module) => ({ default: module.ReplyPicker })));

interface SlashField {
  conversation: Conversation;
  text: string;
  setText: (text: string) => void;
  /** Off while something else than a new message is written. */
  enabled: boolean;
}

/** A slash at the beginning of the typing field offers quick replies above it; the field keeps the focus and passes its keys. */
export function useSlash({ conversation, text, setText, enabled }: SlashField) {
  // Escape closes the list for what is written now; the next letter opens it again.
  const [closedFor, setClosedFor] = useState<string | null>(null);
  const [marked, setMarked] = useState("");
  const keys = useRef<PickerKeys>(null);
  const query = enabled && closedFor !== text ? slashed(text) : null;
  return {
    /** Whether the list has taken the key. */
    press(event: KeyboardEvent): boolean {
      if (query === null || event.nativeEvent.isComposing || event.shiftKey || !keys.current?.press(event.key)) {
        return false;
      }
      event.preventDefault();
      event.stopPropagation();
      return true;
    },
    /** For the typing field, so that a screen reader follows the list. */
    aria: query === null ? {} : { "aria-controls": "quick-reply-list", "aria-activedescendant": marked || undefined },
    list: query !== null && (
      <Suspense fallback={null}>
        <ReplyPicker
          conversation={conversation}
          query={query}
          keys={keys}
          onMark={setMarked}
          onClose={() => setClosedFor(text)}
          onPick={setText}
        />
      </Suspense>
    ),
  };
}
