import { Menu } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { usePreferences, useServices } from "@/app/services.tsx";
import { useDesk } from "@/app/shell/desk.tsx";
import type { WindowSize } from "@/features/preferences/preferences.ts";
import { AnchoredMenu } from "@/shared/anchored.tsx";

const sizes: readonly WindowSize[] = ["compact", "half", "full"];

/** The three sizes of the conversation window (T103). */
export function SizeMenu({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation();
  const desk = useDesk();
  const { preferences } = useServices();
  const { window_size: size } = usePreferences();
  return (
    <AnchoredMenu onClose={onClose} width={170} position="top-end" label={t("conversation.size")}>
      {sizes.map((value) => (
        <Menu.RadioItem
          key={value}
          value={value}
          checked={size === value}
          closeMenuOnClick
          onChange={() => {
            preferences.update({ window_size: value });
            desk.setMinimised(false);
          }}
        >
          {t(`conversation.size_${value}`)}
        </Menu.RadioItem>
      ))}
    </AnchoredMenu>
  );
}
