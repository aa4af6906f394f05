import "@/app/i18n/grid/index.ts";
import "@/app/theme/forms.ts";
import { ActionIcon, Button, Checkbox } from "@mantine/core";
import { IconChevronDown, IconChevronUp } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { usePreferences, useServices } from "@/app/services.tsx";
import { AnchoredPanel } from "@/shared/anchored.tsx";
import { allColumns, type ColumnId } from "./columns.tsx";
import classes from "./grid.module.css";
import { chosenColumns } from "./table.ts";

/** Which columns are shown, and in which order (T020, T026). */
export function ColumnPanel({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation();
  const { t: words } = useTranslation("grid");
  const { preferences } = useServices();
  const { grid_columns } = usePreferences();
  const chosen = chosenColumns(grid_columns);
  const list: ColumnId[] = [...chosen, ...allColumns.filter((id) => !chosen.includes(id))];
  const save = (columns: ColumnId[]) => preferences.update({ grid_columns: columns });
  const toggle = (id: ColumnId) => save(chosen.includes(id) ? chosen.filter((each) => each !== id) : [...chosen, id]);
  const move = (id: ColumnId, by: number) => {
    const at = chosen.indexOf(id);
    const next = chosen.filter((each) => each !== id);
    next.splice(at + by, 0, id);
    save(next);
  };
  return (
    <AnchoredPanel onClose={onClose} width={280} label={t("grid.choose.title")}>
      <div className={classes.columns}>
        <p className={classes.columnsHint}>{words("choose.hint")}</p>
        <ul>
          {list.map((id) => {
            const at = chosen.indexOf(id);
            const column = t(`grid.cols.${id}`);
            return (
              <li key={id}>
                <Checkbox
                  size="xs"
                  label={column}
                  checked={at !== -1}
                  disabled={at !== -1 && chosen.length === 1}
                  onChange={() => toggle(id)}
                />
                {at !== -1 && (
                  <>
                    <ActionIcon
                      size={24}
                      disabled={at === 0}
                      aria-label={words("choose.up", { column })}
                      onClick={() => move(id, -1)}
                    >
                      <IconChevronUp size={13} />
                    </ActionIcon>
                    <ActionIcon
                      size={24}
                      disabled={at === chosen.length - 1}
                      aria-label={words("choose.down", { column })}
                      onClick={() => move(id, 1)}
                    >
                      <IconChevronDown size={13} />
                    </ActionIcon>
                  </>
                )}
              </li>
            );
          })}
        </ul>
        <Button
          variant="subtle"
          onClick={() => preferences.update({ grid_columns: null, grid_widths: {}, grid_sort: [] })}
        >
          {words("choose.reset")}
        </Button>
      </div>
    </AnchoredPanel>
  );
}
