import "@/app/i18n/admin/index.ts";
import "@/app/theme/forms.ts";
import type { Site } from "@aceno/contract";
import { Alert, Button, Select } from "@mantine/core";
import { IconCheck, IconCopy } from "@tabler/icons-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useAccount, usePermission } from "@/app/services.tsx";
import { AdminCard, AdminPage } from "@/features/admin/admin-page.tsx";
import { copyText } from "@/shared/clipboard.ts";
import { DomainsForm } from "./domains-form.tsx";
import { InstallCheck } from "./install-check.tsx";
import classes from "./site.module.css";
import { byName, useSiteCodes } from "./sites.ts";

/** "Primeiros passos" (T168): the code, where it may run, and whether it does. */
export function StartPage() {
  const { t } = useTranslation("admin");
  const sites = byName(useAccount((state) => state.sites));
  const [chosen, setChosen] = useState<string | null>(null);
  const site = sites.find(({ id }) => id === chosen) ?? sites.find(({ active }) => active) ?? sites[0];
  return (
    <AdminPage title={t("pages.start")} intro={t("start.intro")}>
      {sites.length > 1 && (
        <Select
          className={classes.choose}
          label={t("start.site")}
          value={site?.id ?? null}
          allowDeselect={false}
          data={sites.map(({ id, name }) => ({ value: id, label: name }))}
          onChange={setChosen}
        />
      )}
      {site ? <Steps key={site.id} site={site} /> : <p className={classes.none}>{t("start.none")}</p>}
    </AdminPage>
  );
}

function Steps({ site }: { site: Site }) {
  const { t } = useTranslation("admin");
  const maySee = usePermission("visitor.view");
  const code = useSiteCodes().get(site.id) ?? site.install_code;
  return (
    <>
      {!site.active && (
        <Alert color="yellow" p="xs">
          {t("start.inactive")}
        </Alert>
      )}
      <AdminCard title={t("start.code")}>
        <p className={classes.text}>{t("start.code_intro")}</p>
        {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region must be reachable by keyboard */}
        <pre className={classes.code} tabIndex={0}>
          {code}
        </pre>
        <div className={classes.row}>
          <CopyButton text={code} label={t("start.copy_code")} filled />
          <span className={classes.key}>
            {t("start.key")}: <code>{site.key}</code>
          </span>
          <CopyButton text={site.key} label={t("start.copy_key")} />
        </div>
      </AdminCard>
      <AdminCard title={t("start.domains")}>
        <DomainsForm site={site} />
      </AdminCard>
      <AdminCard title={t("start.check")}>
        {maySee ? (
          <InstallCheck site={site} code={code} />
        ) : (
          <p className={classes.text}>{t("start.check_forbidden")}</p>
        )}
      </AdminCard>
    </>
  );
}

function CopyButton({ text, label, filled }: { text: string; label: string; filled?: boolean }) {
  const { t } = useTranslation("admin");
  const [copied, setCopied] = useState<string | null>(null);
  const done = copied === text;
  return (
    <Button
      variant={filled ? "filled" : "default"}
      leftSection={done ? <IconCheck size={15} /> : <IconCopy size={15} />}
      onClick={async () => setCopied((await copyText(text)) ? text : null)}
    >
      {done ? t("copied") : label}
    </Button>
  );
}
