import { useState } from "preact/hooks";
import type { VisitorSite } from "../../protocol";
import type { Session } from "../session";
import type { Answers, View } from "../view";
import { Contact } from "./contact";
import { Field, mail } from "./field";
import { OwnFields } from "./own-fields";
import { stateOf } from "./state";

/** Whether the form asks to be attended; else it is the contact form, also when a message to leave was begun before somebody came. */
export function attended(session: Session, site: VisitorSite): boolean {
  return !session.contact?.message && site.online && site.departments.some((department) => department.online);
}

/** Asks what is not known yet: name and e-mail, the department when there are several, and a first message. */
export function Form({ view, site, session }: { view: View; site: VisitorSite; session: Session }) {
  const { words } = view;
  const told = session.told();
  const [known] = useState({ name: told.name, email: mail.test(told.email) ? told.email : "" });
  const single = site.departments.length === 1 ? site.departments[0] : undefined;
  // Sites name a department by its id or as visitors read it.
  const asked = site.departments.find(
    ({ id, name }) => id === told.department || name.toLowerCase() === told.department.toLowerCase(),
  );
  const [answers, setAnswers] = useState<Answers>(
    session.answers ?? { ...known, department: single?.id ?? asked?.id ?? "", text: "" },
  );
  const [tried, setTried] = useState(false);

  if (!attended(session, site)) return <Contact view={view} site={site} session={session} />;

  const chosen = site.departments.find((department) => department.id === answers.department && department.online);
  const missing: Partial<Record<keyof Answers, string>> = {
    ...(!answers.name.trim() && { name: words.name_required }),
    ...(!mail.test(answers.email.trim()) && {
      email: answers.email.trim() ? words.email_invalid : words.email_required,
    }),
    ...(!chosen && { department: words.department_required }),
  };
  const wrong = (field: keyof Answers): string | undefined =>
    (tried ? missing[field] : undefined) ?? view.fieldErrors[field === "department" ? "department_id" : field];
  const change = (field: keyof Answers) => (event: { currentTarget: { value: string } }) => {
    session.answers = { ...answers, [field]: event.currentTarget.value };
    setAnswers(session.answers);
  };

  function submit(event: SubmitEvent): void {
    event.preventDefault();
    setTried(true);
    const first = (Object.keys(missing) as (keyof Answers)[])[0];
    if (first) {
      const form = event.currentTarget as HTMLFormElement;
      form.querySelector<HTMLElement>(`[name="${first}"]:not(:disabled)`)?.focus();
      return;
    }
    void session.start({ ...answers, name: answers.name.trim(), email: answers.email.trim() });
  }

  return (
    <form class="form" noValidate onSubmit={submit}>
      <div class="fields">
        <p class="intro">
          {session.own("greeting") || (known.name && known.email ? words.form_intro_known : words.form_intro)}
        </p>
        {!known.name && (
          <Field label={words.name} id="name" error={wrong("name")}>
            {(described) => (
              <input
                {...described}
                name="name"
                autocomplete="name"
                maxLength={100}
                required
                value={answers.name}
                onInput={change("name")}
                data-first
              />
            )}
          </Field>
        )}
        {!known.email && (
          <Field label={words.email} id="email" error={wrong("email")}>
            {(described) => (
              <input
                {...described}
                name="email"
                type="email"
                autocomplete="email"
                inputMode="email"
                maxLength={254}
                required
                value={answers.email}
                onInput={change("email")}
                data-first
              />
            )}
          </Field>
        )}
        {!single && (
          <fieldset aria-describedby={wrong("department") ? "department-error" : undefined}>
            <legend>{words.department}</legend>
            {site.departments.map((department) => (
              <label key={department.id} class={department.online ? "choice" : "choice off"}>
                <input
                  type="radio"
                  name="department"
                  value={department.id}
                  checked={answers.department === department.id && department.online}
                  disabled={!department.online}
                  onChange={change("department")}
                />
                <span>
                  <span>
                    <b>{department.name}</b>
                    <span class={department.online ? "state on" : "state"}>{stateOf(department, view)}</span>
                  </span>
                  {department.description && <small>{department.description}</small>}
                </span>
              </label>
            ))}
            {wrong("department") && (
              <p class="error" id="department-error">
                {wrong("department")}
              </p>
            )}
          </fieldset>
        )}
        <OwnFields view={view} session={session} kind="identification" department={answers.department} />
        <Field label={words.first_message} id="text" hint={words.optional} error={wrong("text")}>
          {(described) => (
            <textarea
              {...described}
              name="text"
              rows={2}
              maxLength={site.limits.text}
              value={answers.text}
              onInput={change("text")}
              data-first
            />
          )}
        </Field>
      </div>
      <div class="submit">
        {view.notice && (
          <p class="error" role="alert">
            {view.notice}
          </p>
        )}
        {/* Not disabled: that would take the focus away, and a refusal would leave the keyboard nowhere. */}
        <button type="submit" class="primary" aria-disabled={view.busy}>
          {view.busy ? words.starting : words.start}
        </button>
        {site.departments.some(({ online }) => !online) && (
          <button type="button" class="link" onClick={() => void session.leaveInstead()}>
            {words.leave_message}
          </button>
        )}
      </div>
    </form>
  );
}
