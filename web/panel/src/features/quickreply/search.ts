import type { QuickReply } from "@aceno/contract";

/** Lower case and without accents: people search as they type. */
export function folded(text: string): string {
  return text.normalize("NFD").replaceAll(/\p{M}/gu, "").toLowerCase();
}

/**
 * The replies that hold every word of the query, the likeliest first: by shortcut, by title, then in the text; among equals
 * the more used one.
 */
export function search(replies: readonly QuickReply[], query: string): QuickReply[] {
  const words = folded(query).split(/\s+/).filter(Boolean);
  const ranked = replies.flatMap((reply) => {
    const rank = rankOf(reply, words);
    return rank === null ? [] : [{ reply, rank }];
  });
  ranked.sort((a, b) => a.rank - b.rank || b.reply.uses - a.reply.uses || a.reply.title.localeCompare(b.reply.title));
  return ranked.map(({ reply }) => reply);
}

function rankOf({ shortcut, title, folder, text }: QuickReply, words: readonly string[]): number | null {
  if (words.length === 0) return 0;
  const whole = words.join(" ");
  const places = [shortcut, title, folder, text].map(folded);
  if (!words.every((word) => places.some((place) => place.includes(word)))) return null;
  if (places[0] === whole) return 0;
  if (places[0]?.startsWith(whole)) return 1;
  if (places[1]?.startsWith(whole)) return 2;
  return places[1]?.includes(whole) ? 3 : 4;
}

/** What is typed after a slash at the beginning of an otherwise empty field; `null` when it is no such thing. */
export function slashed(text: string): string | null {
  return /^\/([\p{L}\p{N}_-]{0,32})$/u.exec(text)?.[1] ?? null;
}
