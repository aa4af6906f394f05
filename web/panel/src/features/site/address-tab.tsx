import "@/app/i18n/admin/index.ts";
import type { Site } from "@aceno/contract";
import { Button, Select } from "@mantine/core";
import { IconCheck, IconCopy, IconDownload, IconExternalLink } from "@tabler/icons-react";
import { useMutation } from "@tanstack/react-query";
import { generate } from "lean-qr";
import { useMemo, useState } from "react";
import { useTranslation } from "react-i18next";
import { api } from "@/app/api.ts";
import { useAccount } from "@/app/services.tsx";
import { AdminCard } from "@/features/admin/admin-page.tsx";
import { copyText } from "@/shared/clipboard.ts";
import { explain } from "@/shared/explain.ts";
import classes from "./look.module.css";
import { useSiteCodes } from "./sites.ts";

/** The address that opens the chat by itself, to hand out, print as a QR code, or frame (T162). */
export function AddressTab({ site }: { site: Site }) {
  const { t } = useTranslation("admin");
  const departments = useAccount((state) => state.departments);
  const [department, setDepartment] = useState<string | null>(null);
  const { t: common } = useTranslation();
  const secret = useMutation({ mutationFn: () => api.sites.identitySecret(site.id) });
  const [copied, setCopied] = useState<string | null>(null);
  const code = useSiteCodes().get(site.id) ?? site.install_code;
  const base = /src="(https?:\/\/[^"]+)\/v\/aceno\.js/.exec(code)?.[1] ?? window.location.origin;
  const query = department === null ? "" : `?department=${encodeURIComponent(department)}`;
  const address = `${base}/chat/${encodeURIComponent(site.key)}${query}`;
  const frame = `<iframe src="${address}" title="Chat" width="400" height="640" allow="autoplay"></iframe>`;
  const copy = (text: string, label: string) => (
    <Button
      variant="default"
      leftSection={copied === text ? <IconCheck size={15} /> : <IconCopy size={15} />}
      onClick={async () => setCopied((await copyText(text)) ? text : null)}
    >
      {copied === text ? t("copied") : label}
    </Button>
  );
  return (
    <>
      <AdminCard title={t("address.link")}>
        <p className={classes.hint}>{t("address.intro")}</p>
        <Select
          label={t("address.department")}
          placeholder={t("address.any_department")}
          clearable
          value={department}
          data={Object.values(departments)
            .filter(({ active }) => active)
            .map(({ id, name }) => ({ value: id, label: name }))}
          onChange={setDepartment}
        />
        <div className={classes.address}>
          <QrCode text={address} label={t("address.qr", { site: site.name })} />
          <div className={classes.side}>
            <pre className={classes.code}>{address}</pre>
            <Button.Group>
              {copy(address, t("address.copy"))}
              <Button
                variant="default"
                component="a"
                href={address}
                target="_blank"
                rel="noopener"
                leftSection={<IconExternalLink size={15} />}
              >
                {t("address.open")}
              </Button>
              <Button
                variant="default"
                component="a"
                href={`data:image/svg+xml,${encodeURIComponent(qrFile(address))}`}
                download={`${site.name}-qr.svg`}
                leftSection={<IconDownload size={15} />}
              >
                {t("address.download")}
              </Button>
            </Button.Group>
            <p className={classes.hint}>{t("address.more")}</p>
          </div>
        </div>
      </AdminCard>
      <AdminCard title={t("address.frame")}>
        <p className={classes.hint}>{t("address.frame_intro")}</p>
        <pre className={classes.code}>{frame}</pre>
        <div>{copy(frame, t("address.copy_frame"))}</div>
      </AdminCard>
      <AdminCard title={t("address.identity")}>
        <p className={classes.hint}>{t("address.identity_intro")}</p>
        {secret.data ? (
          <>
            <pre className={classes.code}>{secret.data.secret}</pre>
            <div>{copy(secret.data.secret, t("address.copy"))}</div>
          </>
        ) : (
          <div>
            <Button variant="default" loading={secret.isPending} onClick={() => secret.mutate()}>
              {t("address.identity_show")}
            </Button>
          </div>
        )}
        {secret.isError && <p role="alert">{explain(secret.error, common)}</p>}
      </AdminCard>
    </>
  );
}

const quiet = 4;

/** The dark modules as a path in units of one module, with the margin the standard asks for, and how wide it all is. */
function modules(text: string): { path: string; width: number } {
  const code = generate(text);
  let path = "";
  for (let y = 0; y < code.size; y++)
    for (let x = 0; x < code.size; x++) if (code.get(x, y)) path += `M${x + quiet} ${y + quiet}h1v1h-1z`;
  return { path, width: code.size + 2 * quiet };
}

function QrCode({ text, label }: { text: string; label: string }) {
  const { path, width } = useMemo(() => modules(text), [text]);
  return (
    <svg
      className={classes.qr}
      viewBox={`0 0 ${width} ${width}`}
      role="img"
      aria-label={label}
      shapeRendering="crispEdges"
    >
      <path d={path} fill="#000" />
    </svg>
  );
}

function qrFile(text: string): string {
  const { path, width } = modules(text);
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${width}" width="600" height="600" shape-rendering="crispEdges"><rect width="100%" height="100%" fill="#fff"/><path d="${path}"/></svg>`;
}
