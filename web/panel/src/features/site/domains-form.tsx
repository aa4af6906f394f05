import { Problem, type Site } from "@aceno/contract";
import { Alert, Button, TagsInput } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { api } from "@/app/api.ts";
import { explain } from "@/shared/explain.ts";
import { notify } from "@/shared/notify.ts";
import classes from "./site.module.css";

/** The server refuses more. */
export const mostDomains = 50;

/** Domains as people type and paste them, without what surrounds them. */
export function typedDomains(tags: readonly string[]): string[] {
  return tags.map((each) => each.trim().toLowerCase()).filter((each) => each !== "");
}

/** Where the site's script may run. The server writes what was typed in its canonical form. */
export function DomainsForm({ site }: { site: Site }) {
  const { t } = useTranslation("admin");
  const { t: common } = useTranslation();
  const [typed, setTyped] = useState<string[] | null>(null);
  const domains = typed ?? site.allowed_domains;
  const save = useMutation({
    mutationFn: () => api.sites.update(site.id, { allowed_domains: domains }),
    onSuccess: () => {
      setTyped(null);
      void notify({ id: "domains", message: t("start.domains_saved") });
    },
  });
  return (
    <form
      className={classes.form}
      onSubmit={(event) => {
        event.preventDefault();
        save.mutate();
      }}
    >
      <p className={classes.text}>{t("start.domains_intro")}</p>
      <TagsInput
        label={t("start.domains_label")}
        size="xs"
        maxTags={mostDomains}
        acceptValueOnBlur
        splitChars={[",", " ", ";"]}
        value={domains}
        error={save.isError ? refusedDomains(save.error, domains) || explain(save.error, common) : undefined}
        onChange={(value) => {
          save.reset();
          setTyped(typedDomains(value));
        }}
      />
      {domains.includes("*") && (
        <Alert color="yellow" p="xs">
          {t("start.domains_anywhere")}
        </Alert>
      )}
      <div className={classes.row}>
        <Button type="submit" loading={save.isPending} disabled={typed === null || domains.length === 0}>
          {t("start.domains_save")}
        </Button>
        {typed !== null && (
          <Button
            variant="default"
            onClick={() => {
              save.reset();
              setTyped(null);
            }}
          >
            {common("common.cancel")}
          </Button>
        )}
      </div>
    </form>
  );
}

/** What the server said of each domain, naming it; empty when it spoke of something else. */
export function refusedDomains(error: unknown, domains: readonly string[]): string {
  if (!(error instanceof Problem)) return "";
  return error.fields
    .filter(({ field }) => field.startsWith("allowed_domains"))
    .map(({ field, detail }) => {
      const at = /\[(\d+)\]$/.exec(field)?.[1];
      const domain = at === undefined ? undefined : domains[Number(at)];
      return domain === undefined ? detail : `${domain}: ${detail}`;
    })
    .join(" ");
}
