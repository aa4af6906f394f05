import { queryOptions } from "@tanstack/react-query";
import { api } from "@/app/api.ts";

/** Who is signed in. Refused with 401 when nobody is. */
export const sessionQuery = queryOptions({
  queryKey: ["session"],
  queryFn: () => api.session.get(),
  staleTime: Number.POSITIVE_INFINITY,
});
