import "@/app/i18n/agent/index.ts";
import "@/app/theme/forms.ts";
import { useTranslation } from "react-i18next";
import { api } from "@/app/api.ts";
import { useAccount, useServices } from "@/app/services.tsx";
import { useDesk } from "@/app/shell/desk.tsx";
import { Dialog } from "@/shared/dialog.tsx";
import { OwnPassword } from "./own-password.tsx";
import { OwnProfile } from "./own-profile.tsx";
import { PhotoFields } from "./photo-fields.tsx";

/** What agents change of themselves, from the gear: profile, password, photos (T017–T019). */
export function OwnDialog({ part }: { part: "profile" | "password" | "photo" }) {
  const { t } = useTranslation("agent");
  const desk = useDesk();
  const { live } = useServices();
  const me = useAccount((state) => state.me.agent);
  const close = () => desk.show(null);
  return (
    <Dialog title={t(`own.${part}`)} onClose={close}>
      {part === "profile" && <OwnProfile agent={me} onDone={close} />}
      {part === "password" && <OwnPassword login={me.login} onDone={close} />}
      {part === "photo" && (
        <PhotoFields
          agent={me}
          set={async (shape, photo) => live.adoptMe(await api.session.setPhoto(shape, photo))}
          remove={async (shape) => live.adoptMe(await api.session.removePhoto(shape))}
        />
      )}
    </Dialog>
  );
}
