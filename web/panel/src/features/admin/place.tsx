import { createContext, type MouseEvent, type ReactNode, useContext } from "react";

/** Where in the administration area: /admin/<page>/<item>/<tab>. */
export interface Place {
  page: string;
  /** What is open on the page, usually an identifier; `new` for what is being made. */
  item: string | null;
  tab: string | null;
  go(page: string, item?: string | null, tab?: string | null): void;
}

const Context = createContext<Place | null>(null);

export const PlaceProvider = Context.Provider;

export function usePlace(): Place {
  const place = useContext(Context);
  if (!place) throw new Error("outside of the administration area");
  return place;
}

interface PlaceLinkProps {
  page: string;
  item?: string;
  tab?: string;
  className?: string;
  /** It leads to where one is. */
  current?: boolean;
  children: ReactNode;
}

/** A link within the administration area. It opens in another tab when asked to, as links do. */
export function PlaceLink({ page, item, tab, className, current, children }: PlaceLinkProps) {
  const { go } = usePlace();
  const follow = (event: MouseEvent) => {
    if (event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
    event.preventDefault();
    go(page, item, tab);
  };
  const path = [page, item, tab].filter((part) => part !== undefined).map(encodeURIComponent);
  return (
    <a
      href={`/admin/${path.join("/")}`}
      className={className}
      aria-current={current ? "page" : undefined}
      onClick={follow}
    >
      {children}
    </a>
  );
}
