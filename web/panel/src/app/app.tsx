import { localStorageColorSchemeManager, MantineProvider } from "@mantine/core";
import { QueryClientProvider } from "@tanstack/react-query";
import { RouterProvider } from "@tanstack/react-router";
import { lazy, Suspense, useEffect, useState } from "react";
import { onFirstNotice } from "@/shared/notify.ts";
import { TipLayer } from "@/shared/tip.tsx";
import { queryClient } from "./query.ts";
import { router } from "./router.tsx";
import { resolveVariables, theme } from "./theme/theme.ts";

const colorSchemes = localStorageColorSchemeManager({ key: "aceno.theme" });

const NotificationArea = lazy(() =>
  import("@/shared/notification-area.tsx").then((module) => ({ default: module.NotificationArea })),
);

export function App() {
  const [notices, setNotices] = useState(false);
  useEffect(() => onFirstNotice(() => setNotices(true)), []);
  return (
    <MantineProvider
      theme={theme}
      defaultColorScheme="auto"
      colorSchemeManager={colorSchemes}
      cssVariablesResolver={resolveVariables}
      deduplicateCssVariables={false}
      deduplicateInlineStyles
    >
      <QueryClientProvider client={queryClient}>
        <RouterProvider router={router} />
      </QueryClientProvider>
      <TipLayer />
      {notices && (
        <Suspense fallback={null}>
          <NotificationArea />
        </Suspense>
      )}
    </MantineProvider>
  );
}
