import { type Bridge, bridgeKey } from "../bridge";
import { guard } from "./safe";

const againAfter = 5000;

/**
 * Returns a maker of functions that fetch one of our other scripts, once. The bridge travels on the script's element, so the page gets
 * no second global. What can't be fetched is tried again, ever more rarely.
 */
export function scriptLoader(bridge: () => Bridge, nonce: string): (file: string) => () => void {
  // A page that enforces Trusted Types takes a script's address only from a policy, and a policy's name only once.
  const { trustedTypes } = window as {
    trustedTypes?: { createPolicy(name: string, rules: object): { createScriptURL(url: string): string } };
  };
  const policy = guard(() => trustedTypes?.createPolicy("aceno", { createScriptURL: (url: string) => url }));
  return (file) => {
    let asked = false;
    let wait = againAfter;
    return function load() {
      if (asked) return;
      asked = true;
      const script = document.createElement("script") as HTMLScriptElement & { [bridgeKey]?: Bridge };
      const address = `${bridge().base}/v/${file}`;
      script.src = policy?.createScriptURL(address) ?? address;
      script[bridgeKey] = bridge();
      script.nonce = nonce;
      script.onerror = () => {
        script.remove();
        setTimeout(() => {
          asked = false;
          load();
        }, wait);
        wait *= 2;
      };
      document.head.append(script);
    };
  };
}
