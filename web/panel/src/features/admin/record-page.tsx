import { Alert, Button } from "@mantine/core";
import { IconArrowLeft } from "@tabler/icons-react";
import type { FormEvent, ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { PlaceLink, usePlace } from "./place.tsx";
import classes from "./record-page.module.css";

interface RecordPageProps {
  /** The page with the list. */
  page: string;
  /** What the list is called. */
  listTitle: string;
  /** Null inside a page that has its own title and way back. */
  title: string | null;
  saving: boolean;
  fault: string | null;
  onSubmit: (event: FormEvent<HTMLFormElement>) => void;
  /** More buttons beside Save. */
  actions?: ReactNode;
  /** Beside the fields: a preview, say. */
  aside?: ReactNode;
  children: ReactNode;
}

/** The frame of a form over one record: the way back, the fields, Save. */
export function RecordPage(props: RecordPageProps) {
  const { t } = useTranslation("admin");
  const { t: common } = useTranslation();
  const { go } = usePlace();
  return (
    <div className={classes.page}>
      {props.title !== null && (
        <>
          <PlaceLink page={props.page} className={classes.back}>
            <IconArrowLeft size={14} aria-hidden />
            {props.listTitle}
          </PlaceLink>
          <h2>{props.title}</h2>
        </>
      )}
      <div className={classes.body} data-aside={props.aside !== undefined || undefined}>
        <form className={classes.form} onSubmit={props.onSubmit} noValidate aria-label={props.title ?? props.listTitle}>
          {props.fault !== null && (
            <Alert color="red" p="xs" role="alert">
              {props.fault}
            </Alert>
          )}
          {props.children}
          <div className={classes.foot}>
            <Button type="submit" loading={props.saving}>
              {t("form.save")}
            </Button>
            <Button variant="default" onClick={() => go(props.page)}>
              {common("common.cancel")}
            </Button>
            {props.actions}
          </div>
        </form>
        {props.aside}
      </div>
    </div>
  );
}

/** Fields side by side where there is room. */
export function Fields({ children }: { children: ReactNode }) {
  return <div className={classes.fields}>{children}</div>;
}
