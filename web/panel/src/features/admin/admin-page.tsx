import type { ReactNode } from "react";
import classes from "./admin-page.module.css";

interface AdminPageProps {
  title: string;
  /** What the page is for, in a sentence. */
  intro?: string;
  /** Buttons at the right of the title. */
  actions?: ReactNode;
  children: ReactNode;
}

/** The frame of a page of the administration area. */
export function AdminPage({ title, intro, actions, children }: AdminPageProps) {
  return (
    <div className={classes.page}>
      <header className={classes.head}>
        <div>
          <h2>{title}</h2>
          {intro && <p>{intro}</p>}
        </div>
        {actions && <div className={classes.actions}>{actions}</div>}
      </header>
      {children}
    </div>
  );
}

/** A part of a page on ground of its own. */
export function AdminCard({ title, children }: { title?: string; children: ReactNode }) {
  return (
    <section className={classes.card}>
      {title && <h3>{title}</h3>}
      {children}
    </section>
  );
}
