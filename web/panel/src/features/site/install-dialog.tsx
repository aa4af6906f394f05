import "@/app/theme/forms.ts";
import { Button, Select, Stack, Text } from "@mantine/core";
import { IconCheck, IconCopy } from "@tabler/icons-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useAccount } from "@/app/services.tsx";
import { useDesk } from "@/app/shell/desk.tsx";
import { copyText } from "@/shared/clipboard.ts";
import { Dialog } from "@/shared/dialog.tsx";
import classes from "./install.module.css";

/** The code an administrator pastes into the site's pages (T167). */
export function InstallDialog() {
  const { t } = useTranslation();
  const desk = useDesk();
  const sites = Object.values(useAccount((state) => state.sites));
  const [chosen, setChosen] = useState<string | null>(null);
  const [copied, setCopied] = useState(false);
  const site = sites.find(({ id }) => id === chosen) ?? sites[0];
  return (
    <Dialog onClose={() => desk.show(null)} title={t("site.title")} size="lg">
      {site ? (
        <Stack gap="sm">
          <Text>{t("site.intro")}</Text>
          {sites.length > 1 && (
            <Select
              label={t("site.site")}
              value={site.id}
              allowDeselect={false}
              data={sites.map(({ id, name }) => ({ value: id, label: name }))}
              onChange={(value) => {
                setChosen(value);
                setCopied(false);
              }}
            />
          )}
          {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region must be reachable by keyboard */}
          <pre className={classes.code} tabIndex={0}>
            {site.install_code}
          </pre>
          <div className={classes.foot}>
            <Text c="dimmed" size="xs">
              {t("site.domains")}: {site.allowed_domains.join(", ")}
            </Text>
            <Button
              leftSection={copied ? <IconCheck size={15} /> : <IconCopy size={15} />}
              onClick={async () => setCopied(await copyText(site.install_code))}
              data-autofocus
            >
              {copied ? t("common.copied") : t("site.copy")}
            </Button>
          </div>
        </Stack>
      ) : (
        <Text>{t("site.none")}</Text>
      )}
    </Dialog>
  );
}
