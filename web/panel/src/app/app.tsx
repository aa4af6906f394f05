import { localStorageColorSchemeManager, MantineProvider } from "@mantine/core";
import { Notifications } from "@mantine/notifications";
import { QueryClientProvider } from "@tanstack/react-query";
import { RouterProvider } from "@tanstack/react-router";
import { queryClient } from "./query.ts";
import { router } from "./router.tsx";
import { resolveVariables, theme } from "./theme/theme.ts";

const colorSchemes = localStorageColorSchemeManager({ key: "aceno.theme" });

export function App() {
  return (
    <MantineProvider
      theme={theme}
      defaultColorScheme="auto"
      colorSchemeManager={colorSchemes}
      cssVariablesResolver={resolveVariables}
      deduplicateInlineStyles
    >
      <Notifications position="top-right" limit={4} containerWidth={360} />
      <QueryClientProvider client={queryClient}>
        <RouterProvider router={router} />
      </QueryClientProvider>
    </MantineProvider>
  );
}
