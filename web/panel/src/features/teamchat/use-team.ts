import { newKey } from "@aceno/contract";
import { useMemo, useSyncExternalStore } from "react";
import { api } from "@/app/api.ts";
import type { Live } from "@/app/live/live.ts";
import { useAccount, useServices } from "@/app/services.tsx";
import { browserTimers } from "@/shared/browser-timers.ts";
import { announce } from "./announce.tsx";
import type { Person } from "./mentions.ts";
import type { TeamView } from "./team-state.ts";
import { TeamStore } from "./team-store.ts";

/** One store for each connection: it hears what happens also while another page of the panel is on the screen. */
const stores = new WeakMap<Live, TeamStore>();

export function useTeamStore(): TeamStore {
  const services = useServices();
  const { live } = services;
  const known = stores.get(live);
  if (known) return known;
  const me = live.getView().state?.me.agent.id ?? "";
  const made: TeamStore = new TeamStore({
    me,
    api: api.team,
    timers: browserTimers,
    newId: newKey,
    onNews: (room, said) => announce(services, made, room, said),
  });
  stores.set(live, made);
  live.onEvent((event) => made.receive(event));
  live.onResync(() => made.load());
  made.load();
  return made;
}

export function useTeam(): TeamView {
  const store = useTeamStore();
  return useSyncExternalStore(store.subscribe, store.get);
}

/** Who a room is with. */
export interface RoomHead {
  name: string;
  department: boolean;
  /** Those who may be mentioned in it, by name; nobody in a room of two. */
  members: Person[];
  /** How many serve the department, me included when I do. */
  count: number;
  /** Nothing can be sent any more. */
  closed: boolean;
}

export function useRoomHead(room: string): RoomHead {
  const agents = useAccount((state) => state.agents);
  const department = useAccount((state) => state.departments[room]);
  const me = useAccount((state) => state.me.agent.id);
  return useMemo(() => {
    if (!department) {
      const other = agents[room];
      return { name: other?.name ?? "", department: false, members: [], count: 0, closed: !other?.active };
    }
    const serving = Object.values(agents).filter((agent) => agent.active && agent.department_ids.includes(room));
    const members = serving
      .filter((agent) => agent.id !== me)
      .map(({ id, name }) => ({ id, name }))
      .sort((a, b) => a.name.localeCompare(b.name));
    return { name: department.name, department: true, members, count: serving.length, closed: !department.active };
  }, [agents, department, me, room]);
}
