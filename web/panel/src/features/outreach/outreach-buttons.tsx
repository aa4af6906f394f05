import "@/app/i18n/outreach/index.ts";
import { Button } from "@mantine/core";
import { IconMailForward, IconRoute, IconSpeakerphone } from "@tabler/icons-react";
import { lazy, Suspense } from "react";
import { useTranslation } from "react-i18next";
import { useAccount } from "@/app/services.tsx";
import { useDesk } from "@/app/shell/desk.tsx";
import { tip } from "@/shared/tip.tsx";
import { InviteAccepted } from "./invite-accepted.tsx";
import classes from "./outreach.module.css";
import { sendables, whyNot } from "./rules.ts";

const OutreachDialog = lazy(() =>
  import("./outreach-dialog.tsx").then((module) => ({ default: module.OutreachDialog })),
);

const icons = { invite: IconMailForward, promotion: IconSpeakerphone, redirect: IconRoute };

/** Invite, Promotion, Redirect: enabled by a selection in the grid (T024, T025, T071, T080). */
export function OutreachButtons() {
  const { t } = useTranslation("outreach");
  const desk = useDesk();
  const me = useAccount((state) => state.me.agent.id);
  return (
    <div className={classes.bar}>
      {sendables.map((kind) => {
        const Icon = icons[kind];
        const reason = whyNot(kind, desk.chosen, me);
        const hint = reason === null ? t(`${kind}.full`) : `${t(`${kind}.full`)}: ${t(`why.${reason}`)}`;
        return (
          <Button
            key={kind}
            {...tip(hint)}
            className={classes.plain}
            variant="subtle"
            color="gray"
            leftSection={<Icon size={16} stroke={1.7} />}
            data-disabled={reason !== null || undefined}
            aria-disabled={reason !== null}
            aria-label={t(`${kind}.full`)}
            aria-description={hint}
            onClick={() => {
              if (reason === null) desk.send({ kind, to: desk.chosen });
            }}
          >
            <span className={classes.label}>{t(`${kind}.short`)}</span>
          </Button>
        );
      })}
      <InviteAccepted />
      {desk.sending && (
        <Suspense fallback={null}>
          <OutreachDialog sending={desk.sending} onClose={() => desk.send(null)} />
        </Suspense>
      )}
    </div>
  );
}
