/** Runs fn and swallows what it throws: guest code must never break its host. */
export function guard<T>(fn: () => T): T | undefined {
  try {
    return fn();
  } catch {
    return undefined;
  }
}

/** 16 random bytes as up to 48 digits. `crypto.randomUUID` exists in secure contexts only; this works everywhere. */
export function newId(): string {
  return crypto.getRandomValues(new Uint8Array(16)).join("");
}
