import "@mantine/core/styles/CloseButton.layer.css";
import { CloseButton } from "@mantine/core";
import { useEffect, useRef } from "react";
import { useTranslation } from "react-i18next";
import { StateCell } from "@/features/grid/columns.tsx";
import { PastOutreach } from "@/features/outreach/past-outreach.tsx";
import { Trail } from "./trail.tsx";
import { useVisit } from "./use-visit.ts";
import classes from "./visit.module.css";
import { VisitFacts } from "./visit-facts.tsx";

interface VisitAsideProps {
  visit: string;
  onClose: () => void;
}

/** Details of one visitor beside the grid, live, with the page trail. */
export function VisitAside({ visit, onClose }: VisitAsideProps) {
  const { t } = useTranslation();
  const update = useVisit(visit);
  const panel = useRef<HTMLElement>(null);
  // biome-ignore lint/correctness/useExhaustiveDependencies: another visit is looked at anew
  useEffect(() => panel.current?.focus({ preventScroll: true }), [visit]);
  const detail = update?.visit ?? null;
  const name = detail ? detail.name || detail.email || t("grid.visitor_n", { n: detail.n }) : t("visit.title");
  return (
    <aside
      ref={panel}
      className={classes.aside}
      aria-label={t("visit.title")}
      tabIndex={-1}
      data-testid="visit-details"
      onKeyDown={(event) => {
        if (event.key !== "Escape") return;
        event.stopPropagation();
        onClose();
      }}
    >
      <header className={classes.head}>
        <h2 className={classes.name}>{name}</h2>
        {detail && !update?.gone && (
          <span className={classes.state}>
            <StateCell row={detail} t={t} />
          </span>
        )}
        <CloseButton size="sm" aria-label={t("visit.close")} onClick={onClose} />
      </header>
      <div className={classes.content}>
        {update === null && (
          <p role="status" className={classes.dim}>
            {t("visit.loading")}
          </p>
        )}
        {update?.gone && (
          <p role="status" className={classes.gone}>
            {t("visit.gone")}
          </p>
        )}
        {detail && (
          <>
            <Trail pages={detail.trail} gone={update?.gone ?? false} />
            <PastOutreach visitor={detail.visitor_id} />
            <VisitFacts visit={detail} gone={update?.gone ?? false} />
          </>
        )}
      </div>
    </aside>
  );
}
