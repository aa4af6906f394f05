import {
  IconBan,
  IconBolt,
  IconFlag,
  IconMail,
  IconMessageBolt,
  IconPuzzle,
  IconRocket,
  IconRoute,
  IconShieldCheck,
  IconSpeakerphone,
  IconUsers,
  IconUsersGroup,
  IconWorld,
} from "@tabler/icons-react";
import type { ComponentType } from "react";

/** The headings of the navigation, in order. */
export const adminGroups = ["sites", "outreach", "visitors", "people"] as const;

export interface AdminPageSpec {
  /** Its part of the address, /admin/<id>, and its name in the words: `pages.<id>`. */
  id: string;
  group: (typeof adminGroups)[number];
  /** Who lacks it does not see the page; the server refuses what it does anyway. */
  permission: string;
  icon: ComponentType<{ size?: number; stroke?: number }>;
  load: () => Promise<ComponentType>;
}

/** Every page of the administration area, one entry each. The component renders an `AdminPage`. */
const everyPage = [
  {
    id: "start",
    group: "sites",
    permission: "site.manage",
    icon: IconRocket,
    load: () => import("@/features/site/start-page.tsx").then((module) => module.StartPage),
  },
  {
    id: "sites",
    group: "sites",
    permission: "site.manage",
    icon: IconWorld,
    load: () => import("@/features/site/sites-page.tsx").then((module) => module.SitesPage),
  },
  {
    id: "integrations",
    group: "sites",
    permission: "integration.manage",
    icon: IconPuzzle,
    load: () => import("@/features/integration/integrations-page.tsx").then((module) => module.IntegrationsPage),
  },
  {
    id: "templates",
    group: "outreach",
    permission: "outreach.manage",
    icon: IconSpeakerphone,
    load: () => import("@/features/outreach/templates/templates-page.tsx").then((module) => module.TemplatesPage),
  },
  {
    id: "triggers",
    group: "outreach",
    permission: "trigger.manage",
    icon: IconBolt,
    load: () => import("@/features/trigger/triggers-page.tsx").then((module) => module.TriggersPage),
  },
  {
    id: "leads",
    group: "outreach",
    permission: "trigger.manage",
    icon: IconFlag,
    load: () => import("@/features/lead/leads-page.tsx").then((module) => module.LeadsPage),
  },
  {
    id: "replies",
    group: "outreach",
    permission: "quickreply.manage",
    icon: IconMessageBolt,
    load: () => import("@/features/quickreply/replies-page.tsx").then((module) => module.RepliesPage),
  },
  {
    id: "blocks",
    group: "visitors",
    permission: "block.manage",
    icon: IconBan,
    load: () => import("@/features/blocklist/blocks-page.tsx").then((module) => module.BlocksPage),
  },
  {
    id: "contacts",
    group: "visitors",
    permission: "contact.manage",
    icon: IconMail,
    load: () => import("@/features/contact/contacts-page.tsx").then((module) => module.ContactsPage),
  },
  {
    id: "departments",
    group: "people",
    permission: "department.manage",
    icon: IconUsersGroup,
    load: () => import("@/features/department/departments-page.tsx").then((module) => module.DepartmentsPage),
  },
  {
    id: "routing",
    group: "people",
    permission: "department.manage",
    icon: IconRoute,
    load: () => import("@/features/routing/rules-page.tsx").then((module) => module.RoutingPage),
  },
  {
    id: "agents",
    group: "people",
    permission: "agent.manage",
    icon: IconUsers,
    load: () => import("@/features/agent/agents-page.tsx").then((module) => module.AgentsPage),
  },
  {
    id: "audit",
    group: "people",
    permission: "audit.view",
    icon: IconShieldCheck,
    load: () => import("@/features/audit/audit-page.tsx").then((module) => module.AuditPage),
  },
] as const satisfies readonly AdminPageSpec[];

export type AdminPageId = (typeof everyPage)[number]["id"];
export const adminPages: readonly (AdminPageSpec & { id: AdminPageId })[] = everyPage;

/** The pages somebody with these permissions may open. */
export function permittedPages(permissions: readonly string[]) {
  return adminPages.filter(({ permission }) => permissions.includes(permission));
}
