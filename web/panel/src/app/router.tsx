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
import { Shell } from "./shell/shell.tsx";

const root = createRootRoute({ component: Outlet, errorComponent: Fault });

/** Everything behind the sign-in: the connection outlives a change of page. */
const signedIn = createRoute({
  getParentRoute: () => root,
  id: "signed-in",
  loader: async () => {
    const me = await whoIsSignedIn();
    if (!me) throw redirect({ to: "/sign-in" });
    return me;
  },
  component: SignedIn,
});

function SignedIn() {
  const me = signedIn.useLoaderData();
  return (
    <Panel key={me.agent.id} me={me}>
      <Outlet />
    </Panel>
  );
}

const panel = createRoute({ getParentRoute: () => signedIn, path: "/", component: Shell });

/** One route for the whole administration area: `features/admin/pages.ts` says which pages there are. */
const admin = createRoute({
  getParentRoute: () => signedIn,
  path: "/admin/{-$page}/{-$item}/{-$tab}",
  component: lazyRouteComponent(() => import("@/features/admin/admin-area.tsx"), "AdminArea"),
});

const wallboard = createRoute({
  getParentRoute: () => signedIn,
  path: "/wallboard",
  component: lazyRouteComponent(() => import("@/features/supervision/wallboard.tsx"), "Wallboard"),
});

const print = createRoute({
  getParentRoute: () => signedIn,
  path: "/print/$id",
  component: lazyRouteComponent(() => import("@/features/transcript/print-page.tsx"), "PrintPage"),
});

const endReasons: readonly string[] = ["replaced", "signed_out", "inactive", "supervisor", "expired", "protocol"];

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
  routeTree: root.addChildren([signedIn.addChildren([panel, admin, wallboard, print]), signIn, setup]),
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
