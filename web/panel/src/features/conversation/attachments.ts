import type { Limits } from "@aceno/contract";

export type FileRefusal = "file_too_large" | "file_empty" | "file_type";

/** Why a file cannot be sent; `null` when it may. The types are endings of names; whether the content agrees, the server finds out. */
export function refuseFile(file: { name: string; size: number }, limits: Limits): FileRefusal | null {
  if (file.size === 0) return "file_empty";
  if (file.size > limits.file_bytes) return "file_too_large";
  const name = file.name.toLowerCase();
  return limits.file_types.some((ending) => name.endsWith(`.${ending}`)) ? null : "file_type";
}

/** The types as a file field's `accept`. */
export function acceptAttribute(limits: Limits): string {
  return limits.file_types.map((ending) => `.${ending}`).join(",");
}

/** Characters as people count them: an emoji of two halves is one. */
export function textLength(text: string): number {
  let length = 0;
  for (const _ of text) length++;
  return length;
}
