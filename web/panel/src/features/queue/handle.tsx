import { ActionIcon } from "@mantine/core";
import { IconGripVertical } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import classes from "./queue.module.css";
import type { Sorting } from "./sorting.ts";

/** What a row is dragged by, or moved with the arrow keys. */
export function Handle({ name, ...handle }: { name: string } & ReturnType<Sorting["handle"]>) {
  const { t } = useTranslation();
  return (
    <ActionIcon size={24} className={classes.handle} aria-label={t("queue.move", { name })} {...handle}>
      <IconGripVertical size={14} />
    </ActionIcon>
  );
}
