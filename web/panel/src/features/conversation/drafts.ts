import { useCallback, useEffect, useState } from "react";
import { readStored, writeStored } from "@/shared/storage.ts";

function draftKey(conversation: string): string {
  return `aceno.draft.${conversation}`;
}

/** What is written and not sent, kept per conversation and the same in every tab of the browser (B16). */
export function useDraft(conversation: string): [string, (text: string) => void] {
  const [text, setText] = useState(() => readStored(draftKey(conversation)) ?? "");
  useEffect(() => {
    const key = draftKey(conversation);
    setText(readStored(key) ?? "");
    const changed = (event: StorageEvent) => {
      if (event.key === key) setText(event.newValue ?? "");
    };
    window.addEventListener("storage", changed);
    return () => window.removeEventListener("storage", changed);
  }, [conversation]);
  const change = useCallback(
    (next: string) => {
      setText(next);
      writeStored(draftKey(conversation), next === "" ? null : next);
    },
    [conversation],
  );
  return [text, change];
}

/** The conversation is closed: its draft goes with it. */
export function dropDraft(conversation: string): void {
  writeStored(draftKey(conversation), null);
}
