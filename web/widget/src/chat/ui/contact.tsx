import { useState } from "preact/hooks";
import type { VisitorSite } from "../../protocol";
import type { Session } from "../session";
import type { View } from "../view";
import { say } from "../words/catalogue";
import { Field, mail } from "./field";
import { Note } from "./note";
import { OwnFields } from "./own-fields";
import { stateOf } from "./state";

/** What the visitor leaves when nobody attends, or instead of waiting. Name and e-mail are prefilled with what is known. */
export function Contact({ view, site, session }: { view: View; site: VisitorSite; session: Session }) {
  const { words } = view;
  const told = session.told();
  const [first] = site.departments;
  const [answers, setAnswers] = useState(
    session.contact ?? {
      name: told.name,
      email: told.email,
      phone: "",
      subject: "",
      message: "",
      department_id: site.departments.find(({ id }) => id === told.department)?.id ?? first?.id ?? "",
    },
  );
  // Why nobody attends: the department that opens first, else one that only knows its customers.
  const reason =
    site.departments.filter(({ opens_at }) => opens_at).sort((a, b) => (a.opens_at ?? 0) - (b.opens_at ?? 0))[0] ??
    site.departments.find(({ identity_required }) => identity_required);
  const [tried, setTried] = useState(false);
  const [sent, setSent] = useState(false);

  if (sent)
    return (
      <Note
        icon="tick"
        title={words.contact_sent_title}
        text={say(words, "contact_sent_text", { email: answers.email })}
      >
        <button type="button" class="link" data-first onClick={() => session.restart()}>
          {words.back}
        </button>
      </Note>
    );

  type Name = keyof typeof answers;
  const missing: Partial<Record<Name, string>> = {
    ...(!answers.name.trim() && { name: words.name_required }),
    ...(!mail.test(answers.email.trim()) && {
      email: answers.email.trim() ? words.email_invalid : words.email_required,
    }),
    ...(!answers.message.trim() && { message: words.message_required }),
  };
  const wrong = (name: Name) => (tried ? missing[name] : undefined) ?? view.fieldErrors[name];
  const change = (name: Name) => (event: { currentTarget: { value: string } }) => {
    session.contact = { ...answers, [name]: event.currentTarget.value };
    setAnswers(session.contact);
  };

  async function submit(event: SubmitEvent): Promise<void> {
    event.preventDefault();
    setTried(true);
    const form = event.currentTarget as HTMLFormElement;
    const [first] = Object.keys(missing);
    if (first) form.querySelector<HTMLElement>(`[name="${first}"]`)?.focus();
    else setSent(await session.leave({ ...answers, email: answers.email.trim() }));
  }

  const line = (name: Name, label: string, more: object, hint?: string) => (
    <Field label={label} id={name} error={wrong(name)} {...(hint && { hint })}>
      {(described) => (
        <input {...described} {...more} name={name} value={answers[name]} onInput={change(name)} data-first />
      )}
    </Field>
  );

  return (
    <form class="form" noValidate onSubmit={submit}>
      <div class="fields">
        {!site.online && <h3>{words.unattended_title}</h3>}
        {!site.online && reason && <p class="reason">{stateOf(reason, view)}</p>}
        <p>{(!site.online && session.own("away")) || words.contact_text}</p>
        {line("name", words.name, { autocomplete: "name", maxLength: 100, required: true })}
        {line("email", words.email, {
          type: "email",
          autocomplete: "email",
          inputMode: "email",
          maxLength: 254,
          required: true,
        })}
        {site.departments.length > 1 && (
          <Field label={words.department} id="department_id" error={wrong("department_id")}>
            {(described) => (
              <select
                {...described}
                name="department_id"
                value={answers.department_id}
                onChange={change("department_id")}
              >
                {site.departments.map(({ id, name }) => (
                  <option key={id} value={id}>
                    {name}
                  </option>
                ))}
              </select>
            )}
          </Field>
        )}
        <OwnFields view={view} session={session} kind="contact" department={answers.department_id} />
        <Field label={words.message} id="message" error={wrong("message")}>
          {(described) => (
            <textarea
              {...described}
              name="message"
              rows={3}
              maxLength={5000}
              required
              value={answers.message}
              onInput={change("message")}
            />
          )}
        </Field>
        {line("subject", words.subject, { maxLength: 150 }, words.optional)}
        {line("phone", words.phone, { type: "tel", autocomplete: "tel", maxLength: 40 }, words.optional)}
      </div>
      <div class="submit">
        {view.notice && (
          <p class="error" role="alert">
            {view.notice}
          </p>
        )}
        {/* Not disabled: that would take the focus away, and a refusal would leave the keyboard nowhere. */}
        <button type="submit" class="primary" aria-disabled={view.busy}>
          {view.busy ? words.sending : words.contact_send}
        </button>
        {site.online && (
          <button type="button" class="link" onClick={() => session.restart()}>
            {words.back}
          </button>
        )}
      </div>
    </form>
  );
}
