import { useEffect, useRef } from "react";

/** Whoever inserts a text, and the typing field of a conversation that takes it. */
const fields = new Map<string, (text: string) => void>();

/** Inserts into the conversation's typing field; false when it is not on the screen. */
export function insertInto(conversation: string, text: string): boolean {
  const take = fields.get(conversation);
  take?.(text);
  return take !== undefined;
}

/** The typing field of a conversation takes what is inserted from elsewhere. */
export function useInsertions(conversation: string, take: (text: string) => void): void {
  const latest = useRef(take);
  latest.current = take;
  useEffect(() => {
    const mine = (text: string) => latest.current(text);
    fields.set(conversation, mine);
    return () => {
      if (fields.get(conversation) === mine) fields.delete(conversation);
    };
  }, [conversation]);
}
