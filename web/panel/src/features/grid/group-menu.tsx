import "@/app/i18n/grid/index.ts";
import type { GridGroup } from "@aceno/contract";
import { Menu } from "@mantine/core";
import { IconFold, IconFoldDown } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { AnchoredMenu } from "@/shared/anchored.tsx";
import type { GridModel } from "./grid-model.ts";
import { groupColumns } from "./grouping.ts";

interface GroupMenuProps {
  model: GridModel;
  group: GridGroup | "";
  onGroup: (group: GridGroup | "") => void;
  onClose: () => void;
}

/** By what the rows are grouped (T045). */
export function GroupMenu({ model, group, onGroup, onClose }: GroupMenuProps) {
  const { t } = useTranslation();
  const { t: words } = useTranslation("grid");
  const item = (value: GridGroup | "", name: string) => (
    <Menu.RadioItem
      key={value}
      value={value}
      checked={value === group}
      onChange={() => onGroup(value)}
      closeMenuOnClick
    >
      {name}
    </Menu.RadioItem>
  );
  return (
    <AnchoredMenu onClose={onClose} width={210} label={t("grid.group.title")}>
      {group !== "" && (
        <>
          <Menu.Item leftSection={<IconFoldDown size={14} />} onClick={() => model.foldAll(true)}>
            {words("group.open_all")}
          </Menu.Item>
          <Menu.Item leftSection={<IconFold size={14} />} onClick={() => model.foldAll(false)}>
            {words("group.fold_all")}
          </Menu.Item>
          <Menu.Divider />
        </>
      )}
      {item("", words("group.none"))}
      {[...groupColumns].map(([value, column]) => item(value, t(`grid.cols.${column}`)))}
    </AnchoredMenu>
  );
}
