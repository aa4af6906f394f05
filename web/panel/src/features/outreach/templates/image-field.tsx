import { TextInput } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { api } from "@/app/api.ts";
import { ImageDrop } from "@/features/admin/image-drop.tsx";
import type { TemplateFormState } from "./template-form.tsx";
import { limits } from "./values.ts";

/** The picture of a template, with the words for those who can't see it. */
export function ImageField({ form }: { form: TemplateFormState }) {
  const { t } = useTranslation("templates");
  const { picture, style } = form.values;
  return (
    <>
      <ImageDrop
        label={t("image")}
        picture={picture}
        send={api.outreach.addImage}
        error={form.errors.image_id}
        onSent={(image) => {
          form.setFieldValue("picture", image);
          form.setFieldValue("image_id", image.id);
        }}
        onRemove={() => {
          form.setFieldValue("picture", null);
          form.setFieldValue("image_id", "");
        }}
      />
      {(picture !== null || style === "image") && (
        <TextInput
          label={t("image_alt")}
          description={t("image_alt_hint")}
          maxLength={limits.alt}
          required={style === "image"}
          {...form.getInputProps("image_alt")}
        />
      )}
    </>
  );
}
