import { NetworkError, Problem } from "@aceno/contract";
import { QueryClient } from "@tanstack/react-query";

export const queryClient = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: 30_000,
      refetchOnWindowFocus: false,
      retry: (count, error) =>
        count < 3 && (error instanceof NetworkError || (error instanceof Problem && error.transient)),
    },
    mutations: { retry: false },
  },
});
