import type { Limits } from "../protocol";

export type FileFault = "file_too_large" | "file_empty" | "file_type_refused";

/**
 * Checks a file before it travels, so that the visitor hears at once; the server checks again by content. The list of types may hold
 * content types (`image/png`, `image/*`) and endings (`.pdf`, `pdf`).
 */
export function checkFile(file: { name: string; type: string; size: number }, limits: Limits): FileFault | null {
  if (file.size > limits.file_bytes) return "file_too_large";
  if (file.size === 0) return "file_empty";
  return limits.file_types.length === 0 || limits.file_types.some((type) => accepts(type, file))
    ? null
    : "file_type_refused";
}

function accepts(type: string, file: { name: string; type: string }): boolean {
  const wanted = type.toLowerCase();
  const declared = file.type.toLowerCase().split(";")[0] ?? "";
  if (wanted.endsWith("/*")) return declared.startsWith(wanted.slice(0, -1));
  if (wanted.includes("/")) return declared === wanted;
  return file.name.toLowerCase().endsWith(wanted.startsWith(".") ? wanted : `.${wanted}`);
}

/** The list as an `accept` attribute. */
export function acceptAttribute(limits: Limits): string {
  return limits.file_types.map((type) => (type.includes("/") || type.startsWith(".") ? type : `.${type}`)).join(",");
}
