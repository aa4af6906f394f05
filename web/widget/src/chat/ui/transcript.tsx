import { useEffect, useRef, useState } from "preact/hooks";
import type { Receipt } from "../api";
import type { Session } from "../session";
import type { View } from "../view";
import { say } from "../words/catalogue";
import { Field } from "./field";

/** The conversation by e-mail. An address that nobody has proven gets a code first, which is typed here. */
export function Transcript({ view, session }: { view: View; session: Session }) {
  const [receipt, setReceipt] = useState<Receipt>();
  const [code, setCode] = useState("");
  const field = useRef<HTMLInputElement>(null);
  const { words } = view;
  const asked = receipt?.code_sent;
  // The button that had the focus is gone: what it asked for is typed here.
  useEffect(() => {
    if (asked) field.current?.focus();
  }, [asked]);
  const ask = async (given?: string) => {
    const got = await session.transcript(given);
    if (got) setReceipt(got);
  };
  if (!receipt)
    return (
      <p class="dim">
        <button type="button" class="link" aria-disabled={view.busy} onClick={() => ask()}>
          {words.transcript}
        </button>
      </p>
    );
  if (!receipt.code_sent)
    return (
      <p class="dim" role="status">
        {say(words, "transcript_sent", { email: receipt.email })}
      </p>
    );
  return (
    <form
      class="survey"
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        if (code.trim()) void ask(code);
      }}
    >
      <p class="dim" role="status">
        {say(words, "transcript_code", { email: receipt.email })}
      </p>
      <Field label={words.transcript_code_field} id="code" error={view.fieldErrors.code && words.transcript_code_wrong}>
        {(described) => (
          <input
            {...described}
            ref={field}
            class="code"
            inputMode="numeric"
            autoComplete="one-time-code"
            maxLength={10}
            value={code}
            onInput={(event) => setCode(event.currentTarget.value)}
          />
        )}
      </Field>
      <button type="submit" class="primary" aria-disabled={view.busy || !code.trim()}>
        {words.transcript_code_send}
      </button>
    </form>
  );
}
