/** The browser's storage, which may be refused or full: reading then gives `null`, writing does nothing. */
export function readStored(key: string, storage: Storage | null = local()): string | null {
  try {
    return storage?.getItem(key) ?? null;
  } catch {
    return null;
  }
}

/** Writes, or removes with `null`. */
export function writeStored(key: string, value: string | null, storage: Storage | null = local()): void {
  try {
    if (value === null) storage?.removeItem(key);
    else storage?.setItem(key, value);
  } catch {
    // Refused or full: the panel works without it.
  }
}

function local(): Storage | null {
  try {
    return window.localStorage;
  } catch {
    return null;
  }
}

/** Storage of this tab only, for what must survive a reload. */
export function sessionStore(): Storage | null {
  try {
    return window.sessionStorage;
  } catch {
    return null;
  }
}
