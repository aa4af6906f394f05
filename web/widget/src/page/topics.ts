import { call } from "./call";
import { commands } from "./commands";
import { conditions } from "./conditions";
import { outreach } from "./outreach";
import type { StartTopic } from "./topic";

/** What page.js knows: one line per subject. */
export const topics: readonly StartTopic[] = [call, commands, outreach, conditions];
