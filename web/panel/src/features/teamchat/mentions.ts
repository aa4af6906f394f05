/** Somebody who may be called by `@`. */
export interface Person {
  id: string;
  name: string;
}

export interface MentionQuery {
  /** Where the `@` stands. */
  from: number;
  text: string;
}

/** Letters that an accent or a capital does not tell apart. */
export function folded(text: string): string {
  return text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();
}

/** What is being typed after an `@` just before the caret: at most two words, begun at the start of a word. */
export function mentionAt(text: string, caret: number): MentionQuery | null {
  const match = /(?:^|[\s(])@([\p{L}\p{M}\d._'-]*(?: [\p{L}\p{M}\d._'-]*)?)$/u.exec(text.slice(0, caret));
  if (!match) return null;
  const query = match[1] ?? "";
  return { from: caret - query.length - 1, text: query };
}

/** Those whose name has a word that begins with what is typed. */
export function suggest(people: readonly Person[], query: string): Person[] {
  const wanted = folded(query);
  const fits = ({ name }: Person) => folded(name).startsWith(wanted) || folded(name).includes(` ${wanted}`);
  return people.filter(fits).slice(0, 6);
}

/** Whose `@Name` stands in the text. */
export function mentionedIn(text: string, people: readonly Person[]): string[] {
  return people.filter(({ name }) => text.includes(`@${name}`)).map(({ id }) => id);
}

/** Cuts a text at the mentions of these people. */
export function splitMentions(text: string, people: readonly Person[]): { text: string; person: Person | null }[] {
  const byLength = people.filter(({ name }) => name !== "").toSorted((a, b) => b.name.length - a.name.length);
  const parts: { text: string; person: Person | null }[] = [];
  let plain = "";
  for (let at = 0; at < text.length; ) {
    const person = text[at] === "@" ? byLength.find(({ name }) => text.startsWith(name, at + 1)) : undefined;
    if (!person) {
      plain += text[at];
      at++;
      continue;
    }
    if (plain) parts.push({ text: plain, person: null });
    plain = "";
    parts.push({ text: `@${person.name}`, person });
    at += person.name.length + 1;
  }
  if (plain) parts.push({ text: plain, person: null });
  return parts;
}
