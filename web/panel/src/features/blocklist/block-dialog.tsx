import "@/app/i18n/admin/index.ts";
import "@/app/theme/forms.ts";
import { useTranslation } from "react-i18next";
import { Dialog } from "@/shared/dialog.tsx";
import { BlockForm } from "./block-form.tsx";

/** Blocks the address of a visitor in the grid (T118). */
export function BlockDialog({ address, onClose }: { address: string; onClose: () => void }) {
  const { t } = useTranslation("admin");
  return (
    <Dialog onClose={onClose} title={t("blocks.add")}>
      <BlockForm address={address} onAdded={onClose} />
    </Dialog>
  );
}
