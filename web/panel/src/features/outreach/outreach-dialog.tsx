import "@/app/i18n/outreach/index.ts";
import "@/app/i18n/templates/index.ts";
import { type DeliveryResult, type GridRow, newKey, Problem } from "@aceno/contract";
import { Button, TextInput } from "@mantine/core";
import { useMutation, useQuery } from "@tanstack/react-query";
import { type FormEvent, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { api } from "@/app/api.ts";
import { useAccount } from "@/app/services.tsx";
import type { Sending } from "@/app/shell/desk.tsx";
import { Dialog } from "@/shared/dialog.tsx";
import { explain } from "@/shared/explain.ts";
import { notify } from "@/shared/notify.ts";
import classes from "./outreach.module.css";
import { TemplatePreview } from "./templates/template-preview.tsx";
import { startValues } from "./templates/values.ts";

const urlMax = 2048;
/** How many visitors are named. */
const named = 3;

interface OutreachDialogProps {
  sending: Sending;
  onClose: () => void;
}

/** Chooses what is sent, shows it, and tells what became of it for each visitor. */
export function OutreachDialog({ sending, onClose }: OutreachDialogProps) {
  const { t } = useTranslation("outreach");
  const { t: common } = useTranslation();
  const { kind, to } = sending;
  const [template, setTemplate] = useState<string | null>(null);
  const [url, setUrl] = useState("");
  const [results, setResults] = useState<readonly DeliveryResult[]>([]);
  const key = useRef(newKey());
  const send = useMutation({
    mutationFn: () =>
      api.outreach.send({
        client_id: key.current,
        visit_ids: to.map((row) => row.id),
        ...(kind === "redirect" ? { url: url.trim() } : { template_id: template ?? "" }),
      }),
    onSuccess: ({ results: all }) => {
      key.current = newKey();
      const refused = all.filter((each) => each.refused !== null);
      setResults(refused);
      if (all.length > refused.length)
        void notify({ message: t("sent", { count: all.length - refused.length }), stays: 3_000 });
      if (refused.length === 0) onClose();
    },
    onError: (error) => {
      if (error instanceof Problem) key.current = newKey();
    },
  });
  const fault = send.error instanceof Problem ? send.error.field("url") : undefined;
  const ready = kind === "redirect" ? url.trim() !== "" : template !== null;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (ready && !send.isPending) send.mutate();
  };
  return (
    <Dialog title={t(`${kind}.full`)} size={kind === "redirect" ? "md" : "xl"} onClose={onClose}>
      <form onSubmit={submit}>
        <Recipients to={to} />
        {kind === "redirect" ? (
          <Address value={url} onChange={setUrl} error={fault?.detail} />
        ) : (
          <Templates kind={kind} chosen={template} onChoose={setTemplate} />
        )}
        {send.isError && !fault && (
          <p className={classes.results} role="alert">
            {explain(send.error, common)}
          </p>
        )}
        {results.length > 0 && <Refusals to={to} results={results} />}
        <div className={classes.answers}>
          <Button variant="default" onClick={onClose}>
            {results.length > 0 ? common("common.close") : common("common.cancel")}
          </Button>
          <Button type="submit" disabled={!ready} loading={send.isPending}>
            {kind === "redirect" ? t("redirect_now") : t("send")}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}

function useName() {
  const { t } = useTranslation();
  return (row: GridRow) => row.name || row.email || t("grid.visitor_n", { n: row.n });
}

function Recipients({ to }: { to: readonly GridRow[] }) {
  const { t } = useTranslation("outreach");
  const name = useName();
  const rest = to.length - named;
  return (
    <p className={classes.to}>
      {t("to")}: <b>{to.slice(0, named).map(name).join(", ")}</b>
      {rest > 0 && ` ${t("more", { count: rest })}`}
    </p>
  );
}

function Address({
  value,
  onChange,
  error,
}: {
  value: string;
  onChange: (value: string) => void;
  error?: string | undefined;
}) {
  const { t } = useTranslation("outreach");
  const rules = useQuery({ queryKey: ["outreach", "rules"], queryFn: ({ signal }) => api.outreach.rules(signal) });
  const own = rules.data?.redirect === "own_domains";
  return (
    <TextInput
      label={t("address")}
      description={[t("address_hint"), own && t("address_own")].filter(Boolean).join(" ")}
      placeholder="https://"
      type="url"
      inputMode="url"
      maxLength={urlMax}
      value={value}
      onChange={(event) => onChange(event.currentTarget.value)}
      error={error}
      classNames={{ description: classes.hint ?? "", error: classes.hint ?? "" }}
      data-autofocus
    />
  );
}

interface TemplatesProps {
  kind: "invite" | "promotion";
  chosen: string | null;
  onChoose: (id: string) => void;
}

function Templates({ kind, chosen, onChoose }: TemplatesProps) {
  const { t } = useTranslation("outreach");
  const { t: common } = useTranslation();
  const language = useAccount((state) => Object.values(state.sites)[0]?.language ?? "pt");
  const query = useQuery({
    queryKey: ["outreach", "templates"],
    queryFn: ({ signal }) => api.outreach.templates(signal),
  });
  if (query.isPending) return <p role="status">{t("loading")}</p>;
  if (query.isError) {
    return (
      <p className={classes.results} role="alert">
        {explain(query.error, common)}{" "}
        <Button size="xs" variant="default" onClick={() => void query.refetch()}>
          {common("common.retry")}
        </Button>
      </p>
    );
  }
  const all = query.data.templates.filter((each) => each.kind === kind && each.active);
  const shown = all.find((each) => each.id === chosen);
  if (all.length === 0) return <p className={classes.empty}>{t(`none_${kind}`)}</p>;
  return (
    <div className={classes.choice}>
      <fieldset className={classes.list}>
        <legend>{t(`choose_${kind}`)}</legend>
        {all.map((each, index) => (
          <label key={each.id} className={classes.option}>
            <input
              type="radio"
              name="template"
              checked={each.id === chosen}
              onChange={() => onChoose(each.id)}
              data-autofocus={index === 0 || undefined}
            />
            {each.name}
          </label>
        ))}
      </fieldset>
      {shown ? <TemplatePreview values={startValues(kind, shown, false)} language={language as "pt"} /> : <div />}
    </div>
  );
}

function Refusals({ to, results }: { to: readonly GridRow[]; results: readonly DeliveryResult[] }) {
  const { t } = useTranslation("outreach");
  const name = useName();
  return (
    <ul className={classes.results} role="alert" aria-label={t("not_sent")}>
      {results.map((each) => {
        const row = to.find(({ id }) => id === each.visit_id);
        return (
          <li key={each.visit_id}>
            {row ? `${name(row)}: ` : ""}
            {each.detail}
          </li>
        );
      })}
    </ul>
  );
}
