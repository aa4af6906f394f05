const controls = /[^\P{Cc}\n\t]/gu;

/** What the server would refuse is taken out before: carriage returns and control characters (pasted text is full of them). */
export function cleanText(text: string): string {
  return text.replace(/\r\n?/g, "\n").replace(controls, "").trim();
}

/** The length as the server counts it: characters, not UTF-16 units. */
export function countCharacters(text: string): number {
  return Array.from(text).length;
}

/** A size for people: "2 MB", "340 KB". */
export function showSize(bytes: number, language: string): string {
  const [value, unit] =
    bytes >= 1 << 20 ? [bytes / (1 << 20), "MB"] : bytes >= 1024 ? [bytes / 1024, "KB"] : [bytes, "B"];
  return `${value.toLocaleString(language, { maximumFractionDigits: unit === "MB" ? 1 : 0 })} ${unit}`;
}
