import type { ReactNode } from "react";
import { type Place, PlaceProvider } from "./place.tsx";

/** A part of the administration area for tests; `go` hears where it leads. */
export function inAdmin(part: ReactNode, go: Place["go"] = () => {}) {
  return <PlaceProvider value={{ page: "test", item: null, tab: null, go }}>{part}</PlaceProvider>;
}
