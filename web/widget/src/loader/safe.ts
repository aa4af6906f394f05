/** Runs fn and swallows what it throws: guest code must never break its host. */
export function guard<T>(fn: () => T): T | undefined {
  try {
    return fn();
  } catch {
    return undefined;
  }
}

/** 32 random hexadecimal digits. `crypto.randomUUID` exists in secure contexts only; this works everywhere. */
export function newId(): string {
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, "0")).join("");
}
