/** As an address looks; the server has the last word. */
export const mail = /^[^\s@]+@[^\s@]+\.[^\s@]+$/;

interface Described {
  id: string;
  "aria-invalid": boolean;
  "aria-describedby": string | undefined;
}

interface FieldProps {
  label: string;
  id: string;
  hint?: string;
  error: string | undefined;
  children(described: Described): preact.JSX.Element;
}

/** A label, what is filled in, and what is wrong with it. */
export function Field({ label, id, hint, error, children }: FieldProps) {
  return (
    <div class="field">
      <label for={id}>
        {label} {hint && <span class="dim">({hint})</span>}
      </label>
      {children({ id, "aria-invalid": Boolean(error), "aria-describedby": error ? `${id}-error` : undefined })}
      {error && (
        <p class="error" id={`${id}-error`}>
          {error}
        </p>
      )}
    </div>
  );
}
