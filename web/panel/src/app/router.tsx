import { type Me, Problem } from "@aceno/contract";
import {
  createRootRoute,
  createRoute,
  createRouter,
  lazyRouteComponent,
  Outlet,
  redirect,
} from "@tanstack/react-router";
import { sessionQuery } from "@/features/session/session.ts";
import { Fault } from "./fault.tsx";
import type { EndReason } from "./live/state.ts";
import { Panel } from "./panel.tsx";
import { queryClient } from "./query.ts";

const root = createRootRoute({ component: Outlet, errorComponent: Fault });

const panel = createRoute({
  getParentRoute: () => root,
  path: "/",
  loader: async () => {
    const me = await whoIsSignedIn();
    if (!me) throw redirect({ to: "/sign-in" });
    return me;
  },
  component: PanelPage,
});

function PanelPage() {
  const me = panel.useLoaderData();
  return <Panel key={me.agent.id} me={me} />;
}

const endReasons: readonly string[] = ["replaced", "signed_out", "inactive", "expired", "protocol"];

const signIn = createRoute({
  getParentRoute: () => root,
  path: "/sign-in",
  validateSearch: (search): { reason?: EndReason } =>
    typeof search.reason === "string" && endReasons.includes(search.reason)
      ? { reason: search.reason as EndReason }
      : {},
  component: lazyRouteComponent(() => import("@/features/session/sign-in-page.tsx"), "SignInPage"),
});

const setup = createRoute({
  getParentRoute: () => root,
  path: "/setup",
  component: lazyRouteComponent(() => import("@/features/setup/setup-page.tsx"), "SetupPage"),
});

export const router = createRouter({
  routeTree: root.addChildren([panel, signIn, setup]),
  defaultNotFoundComponent: () => null,
});

declare module "@tanstack/react-router" {
  interface Register {
    router: typeof router;
  }
}

async function whoIsSignedIn(): Promise<Me | null> {
  try {
    return await queryClient.ensureQueryData(sessionQuery);
  } catch (error) {
    if (error instanceof Problem && error.status === 401) return null;
    throw error;
  }
}
