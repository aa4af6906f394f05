import type { ReactNode } from "react";
import classes from "./record-list.module.css";

export interface RecordColumn<T> {
  id: string;
  label: string;
  cell: (record: T) => ReactNode;
  /** Left out where the screen is narrow. */
  wide?: boolean;
  number?: boolean;
}

interface RecordListProps<T> {
  label: string;
  columns: readonly RecordColumn<T>[];
  records: readonly T[];
  keyOf: (record: T) => string;
  /** Shown in a quieter colour. */
  quiet?: (record: T) => boolean;
  /** What to say when there is nothing. */
  empty: ReactNode;
}

/** A plain table of records, for lists that fit in one. */
export function RecordList<T>({ label, columns, records, keyOf, quiet, empty }: RecordListProps<T>) {
  if (records.length === 0) return <div className={classes.empty}>{empty}</div>;
  return (
    <div className={classes.frame}>
      <table className={classes.table} aria-label={label}>
        <thead>
          <tr>
            {columns.map((column) => (
              <th
                key={column.id}
                scope="col"
                data-wide={column.wide || undefined}
                data-number={column.number || undefined}
              >
                {column.label}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {records.map((record) => (
            <tr key={keyOf(record)} data-quiet={quiet?.(record) || undefined}>
              {columns.map((column) => (
                <td key={column.id} data-wide={column.wide || undefined} data-number={column.number || undefined}>
                  {column.cell(record)}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

/** A state as a dot and a word. */
export function StateMark({ on, children }: { on: boolean; children: ReactNode }) {
  return (
    <span className={classes.state} data-on={on || undefined}>
      <i aria-hidden />
      {children}
    </span>
  );
}
