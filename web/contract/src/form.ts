/**
 * Forms as they are asked, and the rules that answers are held to: the same as the server's, by the same table
 * (internal/form/testdata/answers.json). The panel and the visitors' chat share this file; it has no imports, so that it stays small.
 */

export type FormLanguage = "pt" | "en" | "es";
export type FormTexts = Partial<Record<FormLanguage, string>>;

export interface FormField {
  id: string;
  type: "short" | "long" | "number" | "phone" | "email" | "date" | "cpf" | "cnpj" | "choice" | "choices" | "checkbox";
  label: FormTexts;
  hint?: FormTexts;
  required: boolean;
  max_length?: number;
  lowest?: number;
  highest?: number;
  options?: { value: string; label: FormTexts }[];
  department_ids?: string[];
}

export type FormValue = string | number | boolean | string[];

/** What is wrong with an answer: a field code of the server, and the number it speaks of. */
export interface FormFault {
  code: "required" | "invalid" | "unknown" | "too_long" | "too_small" | "too_large" | "control_characters";
  limit?: number;
}

/** The words in a language, or in the first that has any. */
export function wordsIn(texts: FormTexts | undefined, language: FormLanguage): string {
  return texts?.[language] || texts?.pt || texts?.en || texts?.es || "";
}

/** How many characters a text may have. */
export function longestOf({ type, max_length }: FormField): number {
  const most = type === "short" ? 200 : 1000;
  return max_length ? Math.min(max_length, most) : most;
}

/** The fields that are asked in a department. */
export function askedIn<F extends FormField>(fields: readonly F[], department: string): F[] {
  return fields.filter(({ department_ids: only }) => !only?.length || only.includes(department));
}

/** Reads an answer as it is stored; null when it says nothing, a fault when it can't be taken. */
export function readAnswer(field: FormField, given: unknown): { value: FormValue | null } | { fault: FormFault } {
  const read = readAny(field, given);
  return "value" in read && read.value === null && field.required ? fault("required") : read;
}

type Read = { value: FormValue | null } | { fault: FormFault };
const nothing: Read = { value: null };
const fault = (code: FormFault["code"], limit?: number): Read => ({
  fault: limit === undefined ? { code } : { code, limit },
});

function readAny(field: FormField, given: unknown): Read {
  const { type } = field;
  if (given === undefined || given === null) return nothing;
  if (type === "checkbox") {
    if (given === true) return { value: true };
    return given === false || given === "" ? nothing : fault("invalid");
  }
  if (type === "choices") return readChoices(field, given);
  if (type === "number") return readNumber(field, given);
  if (typeof given !== "string") return fault("invalid");
  const text = given.replace(/\r\n/g, "\n").normalize("NFC").trim();
  if (unsafe.test(type === "long" ? text.replace(/[\n\t]/g, " ") : text)) return fault("control_characters");
  if (text === "") return nothing;
  const longest = longestOf(field);
  if ([...text].length > longest) return fault("too_long", longest);
  const value = canonical(field, text);
  return value === "" ? fault("invalid") : { value };
}

const unsafe = /[\p{Cc}\u202A-\u202E\u2066-\u2069\u2028\u2029\uFEFF]/u;
const email =
  /^[a-zA-Z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@[a-zA-Z0-9](?:[a-zA-Z0-9-]{0,61}[a-zA-Z0-9])?(?:\.[a-zA-Z0-9](?:[a-zA-Z0-9-]{0,61}[a-zA-Z0-9])?)+$/;

/** A text in the form in which its type is stored, or "" when it is none. */
function canonical({ type, options }: FormField, text: string): string {
  const digits = text.replace(/\D/g, "").length;
  switch (type) {
    case "email":
      return text.length <= 254 && email.test(text) ? text : "";
    case "phone":
      return /^[0-9 +().,/#xX-]{1,40}$/.test(text) && digits >= 6 && digits <= 20 ? text : "";
    case "date":
      return isDate(text) ? text : "";
    case "cpf":
      return readCpf(text);
    case "cnpj":
      return readCnpj(text);
    case "choice":
      return options?.some(({ value }) => value === text) ? text : "";
    default:
      return text;
  }
}

function isDate(text: string): boolean {
  if (!/^(?:19|20)\d{2}-\d{2}-\d{2}$/.test(text)) return false;
  const time = Date.parse(`${text}T00:00:00Z`);
  return !Number.isNaN(time) && new Date(time).toISOString().startsWith(text);
}

function readNumber({ lowest, highest }: FormField, given: unknown): Read {
  let number = given;
  if (typeof given === "string") {
    const text = given.trim();
    if (text === "") return nothing;
    if (!/^-?\d{1,12}(?:[.,]\d{1,6})?$/.test(text)) return fault("invalid");
    number = Number(text.replace(",", "."));
  }
  if (typeof number !== "number" || !(Math.abs(number) < 1e12)) return fault("invalid");
  if (lowest !== undefined && number < lowest) return fault("too_small", lowest);
  if (highest !== undefined && number > highest) return fault("too_large", highest);
  return { value: number };
}

function readChoices({ options = [] }: FormField, given: unknown): Read {
  if (!Array.isArray(given) || given.some((one) => typeof one !== "string")) return fault("invalid");
  const kept = options.map(({ value }) => value).filter((value) => given.includes(value));
  if (given.some((one) => !kept.includes(one))) return fault("unknown");
  return kept.length > 0 ? { value: kept } : nothing;
}

/** The eleven digits of a CPF, or "" when it is none. */
export function readCpf(text: string): string {
  const plain = text.replace(/[.\-/ ]/g, "");
  if (!/^\d{11}$/.test(plain) || /^(.)\1*$/.test(plain)) return "";
  return checked(plain, [9, 10], (at, place) => at + 1 - place);
}

/** The fourteen characters of a CNPJ, or "" when it is none; since 2026 the first twelve may be letters. */
export function readCnpj(text: string): string {
  const plain = text.replace(/[.\-/ ]/g, "").toUpperCase();
  if (!/^[0-9A-Z]{12}\d{2}$/.test(plain) || /^(.)\1*$/.test(plain)) return "";
  return checked(plain, [12, 13], (at, place) => ((at - 1 - place) % 8) + 2);
}

/** The text when its check digits, modulo 11, are right. */
function checked(text: string, digits: number[], weight: (at: number, place: number) => number): string {
  for (const at of digits) {
    let sum = 0;
    for (let place = 0; place < at; place++) sum += (text.charCodeAt(place) - 48) * weight(at, place);
    const rest = sum % 11;
    if (text[at] !== String(rest > 1 ? 11 - rest : 0)) return "";
  }
  return text;
}

/** An answer as people read it; `yes` is what a tick says. */
export function answerText(
  answer: { type: FormField["type"]; value?: unknown; shown?: FormTexts[] },
  language: FormLanguage,
  yes: string,
): string {
  if (answer.shown?.length) return answer.shown.map((words) => wordsIn(words, language)).join(", ");
  return answer.value === true ? yes : showDocument(answer.type, String(answer.value ?? ""));
}

/** A CPF or a CNPJ with its marks, and any other text as it is. */
export function showDocument(type: FormField["type"], text: string): string {
  if (type === "cpf") return text.replace(/^(\d{3})(\d{3})(\d{3})(\d{2})$/, "$1.$2.$3-$4");
  if (type === "cnpj") return text.replace(/^(.{2})(.{3})(.{3})(.{4})(\d{2})$/, "$1.$2.$3/$4-$5");
  return text;
}
