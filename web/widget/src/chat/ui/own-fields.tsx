import { useState } from "preact/hooks";
import type { FormKind, FormTexts, OwnField } from "../../protocol";
import type { Session } from "../session";
import type { View } from "../view";
import { Field } from "./field";

const kinds: Partial<Record<OwnField["type"], object>> = {
  number: { inputMode: "decimal" },
  phone: { type: "tel", autocomplete: "tel" },
  email: { type: "email", autocomplete: "email" },
  date: { type: "date" },
  cpf: { inputMode: "numeric" },
};

/** What the account asks beside name and e-mail, in one department; nothing where it asks nothing. The server says what is wrong. */
export function OwnFields({
  view,
  session,
  kind,
  department,
}: {
  view: View;
  session: Session;
  kind: FormKind;
  department: string;
}) {
  const given = session.given[kind];
  const [, drawn] = useState(0);
  const set = (id: string, value: unknown) => {
    given[id] = value;
    drawn((times) => times + 1);
  };
  const say = (texts: FormTexts | undefined) => texts?.[view.language] || texts?.pt || texts?.en || texts?.es || "";
  const ours = (only: string[] | undefined) => only?.includes(department);
  const of = view.site?.forms?.filter((form) => form.kind === kind) ?? [];
  const form = of.find((one) => ours(one.department_ids)) ?? of.find((one) => one.department_ids.length === 0);
  if (!form) return null;
  const wrong = (id: string) => view.fieldErrors[`answers.${id}`];
  const asked = form.fields.filter(
    ({ id, department_ids: only }) => (!only?.length || ours(only)) && (wrong(id) || !session.knows(kind, id)),
  );
  const intro = say(form.intro);
  return (
    <>
      {intro && <p>{intro}</p>}
      {asked.map((field) => {
        const { id, type, required, options = [] } = field;
        const label = say(field.label);
        const hint = say(field.hint) || (required ? "" : view.words.optional);
        if (type === "choices" || type === "checkbox") {
          const chosen = (given[id] as string[] | undefined) ?? [];
          const boxes = type === "checkbox" ? [{ value: "", label: field.label }] : options;
          return (
            <fieldset key={id} aria-describedby={wrong(id) ? `own-${id}-error` : undefined}>
              {type === "choices" && (
                <legend>
                  {label} {hint && <span class="dim">({hint})</span>}
                </legend>
              )}
              {boxes.map((box) => (
                <label key={box.value} class="choice">
                  <input
                    type="checkbox"
                    name={`own-${id}`}
                    required={required && type === "checkbox"}
                    checked={type === "checkbox" ? given[id] === true : chosen.includes(box.value)}
                    onChange={({ currentTarget: { checked } }) =>
                      set(
                        id,
                        type === "checkbox"
                          ? checked
                          : checked
                            ? [...chosen, box.value]
                            : chosen.filter((value) => value !== box.value),
                      )
                    }
                  />
                  <span>{say(box.label)}</span>
                </label>
              ))}
              {wrong(id) && (
                <p class="error" id={`own-${id}-error`}>
                  {wrong(id)}
                </p>
              )}
            </fieldset>
          );
        }
        return (
          <Field key={id} label={label} id={`own-${id}`} error={wrong(id)} {...(hint && { hint })}>
            {(described) => {
              const shared = {
                ...described,
                name: `own-${id}`,
                required,
                value: (given[id] as string | undefined) ?? "",
                onInput: (event: { currentTarget: { value: string } }) => set(id, event.currentTarget.value),
              };
              if (type === "choice")
                return (
                  <select {...shared}>
                    <option value="" />
                    {options.map((option) => (
                      <option key={option.value} value={option.value}>
                        {say(option.label)}
                      </option>
                    ))}
                  </select>
                );
              const longest = field.max_length || (type === "long" ? 1000 : 200);
              if (type === "long") return <textarea {...shared} rows={3} maxLength={longest} />;
              return <input {...shared} {...kinds[type]} maxLength={longest} />;
            }}
          </Field>
        );
      })}
    </>
  );
}
