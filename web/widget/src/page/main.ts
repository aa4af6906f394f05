import { type Bridge, bridgeKey } from "../bridge";
import { startPage } from "./page";
import { topics } from "./topics";

const script = document.currentScript as (HTMLScriptElement & { [bridgeKey]?: Bridge }) | null;
const bridge = script?.[bridgeKey];
if (bridge) startPage(bridge, topics);
