import type { Limits } from "@aceno/contract";

export type FileRefusal = "file_too_large" | "file_empty" | "file_type";

/** Why a file cannot be sent; `null` when it may. A type the browser does not know is left to the server, which looks inside. */
export function refuseFile(file: { size: number; type: string }, limits: Limits): FileRefusal | null {
  if (file.size === 0) return "file_empty";
  if (file.size > limits.file_bytes) return "file_too_large";
  if (file.type !== "" && limits.file_types.length > 0 && !limits.file_types.includes(file.type)) return "file_type";
  return null;
}

/** Characters as people count them: an emoji of two halves is one. */
export function textLength(text: string): number {
  let length = 0;
  for (const _ of text) length++;
  return length;
}
