import { Button } from "@mantine/core";
import { type ReactNode, useLayoutEffect, useRef } from "react";

interface MoreButtonProps {
  query: {
    hasNextPage: boolean;
    isFetchingNextPage: boolean;
    isFetchNextPageError: boolean;
    fetchNextPage: () => unknown;
  };
  /** What the focus can go to in the list, an element for each entry, in their order. */
  entries: () => readonly HTMLElement[];
  children: ReactNode;
}

/**
 * The button below a list that shows its next page. The focus goes on to the first entry that came: the button can't keep it while it
 * loads, and is gone after the last page.
 */
export function MoreButton({ query, entries, children }: MoreButtonProps) {
  const button = useRef<HTMLButtonElement>(null);
  /** How many entries there were when more were asked for; null while nobody waits for any. */
  const had = useRef<number | null>(null);
  const { hasNextPage, isFetchingNextPage, isFetchNextPageError, fetchNextPage } = query;
  useLayoutEffect(() => {
    if (had.current === null || isFetchingNextPage) return;
    const next = entries()[had.current];
    if (!next && !isFetchNextPageError) return; // it has not begun
    had.current = null;
    (next ?? button.current)?.focus();
  });
  if (!hasNextPage) return null;
  return (
    <Button
      ref={button}
      variant="default"
      loading={isFetchingNextPage}
      onClick={() => {
        had.current = entries().length;
        void fetchNextPage();
      }}
    >
      {children}
    </Button>
  );
}
