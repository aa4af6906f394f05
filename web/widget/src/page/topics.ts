import { call } from "./call";
import { commands } from "./commands";
import { conditions } from "./conditions";
import { consent } from "./consent";
import { outreach } from "./outreach";
import type { StartTopic } from "./topic";

/** What page.js knows: one line per subject. */
export const topics: readonly StartTopic[] = [call, commands, consent, outreach, conditions];
