import { type Bridge, bridgeKey } from "../bridge";
import { guard } from "./safe";

/** chat.js with the hash of its content, set by the build. */
declare const CHAT_FILE: string;

/** Fetches chat.js. The bridge travels on the script's element, so the page gets no second global. */
export function appendChat(bridge: Bridge, nonce: string, failed: () => void): void {
  const script = document.createElement("script") as HTMLScriptElement & { [bridgeKey]?: Bridge };
  const address = `${bridge.base}/v/${CHAT_FILE}`;
  // A page that enforces Trusted Types takes a script's address only from a policy.
  const { trustedTypes } = window as {
    trustedTypes?: { createPolicy(name: string, rules: object): { createScriptURL(url: string): string } };
  };
  script.src =
    guard(() =>
      trustedTypes?.createPolicy("aceno", { createScriptURL: (url: string) => url }).createScriptURL(address),
    ) ?? address;
  script[bridgeKey] = bridge;
  script.nonce = nonce;
  script.onerror = () => {
    script.remove();
    failed();
  };
  document.head.append(script);
}
