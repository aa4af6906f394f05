import { Button, TextInput } from "@mantine/core";
import { IconPhoto, IconTrash } from "@tabler/icons-react";
import { useMutation } from "@tanstack/react-query";
import { type DragEvent, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { api } from "@/app/api.ts";
import { explain } from "@/shared/explain.ts";
import type { TemplateFormState } from "./template-form.tsx";
import classes from "./templates.module.css";
import { limits } from "./values.ts";

/** The server looks at the bytes; this spares the way there. */
const largestImage = 1 << 20;
const imageTypes = ["image/png", "image/jpeg", "image/gif", "image/webp"];

class Refused extends Error {}

/** The picture of a template: chosen or dropped, sent at once, shown by its size. */
export function ImageField({ form }: { form: TemplateFormState }) {
  const { t } = useTranslation("templates");
  const { t: common } = useTranslation();
  const input = useRef<HTMLInputElement>(null);
  const [over, setOver] = useState(false);
  const [share, setShare] = useState(0);
  const { picture, style } = form.values;
  const send = useMutation({
    mutationFn: (file: File) => {
      if (!imageTypes.includes(file.type)) throw new Refused(t("image_type"));
      if (file.size > largestImage) throw new Refused(t("image_too_large"));
      setShare(0);
      return api.outreach.addImage(file, { onProgress: setShare });
    },
    onSuccess: (image) => {
      form.setFieldValue("picture", image);
      form.setFieldValue("image_id", image.id);
    },
  });
  const take = (file: File | undefined) => file && send.mutate(file);
  const drag = (event: DragEvent, on: boolean) => {
    event.preventDefault();
    setOver(on);
  };
  const refusal = send.error instanceof Refused ? send.error.message : send.isError && explain(send.error, common);
  return (
    <>
      <fieldset
        className={classes.image}
        data-over={over || undefined}
        aria-label={t("image")}
        onDragOver={(event) => drag(event, true)}
        onDragLeave={(event) => drag(event, false)}
        onDrop={(event) => {
          drag(event, false);
          take(event.dataTransfer.files[0]);
        }}
      >
        <span className={classes.shown}>
          {picture ? <img src={picture.url} alt="" /> : <IconPhoto size={24} aria-hidden />}
        </span>
        <div>
          <div className={classes.row}>
            <input
              ref={input}
              type="file"
              accept={imageTypes.join(",")}
              hidden
              onChange={(event) => {
                take(event.currentTarget.files?.[0]);
                event.currentTarget.value = "";
              }}
            />
            <Button variant="default" loading={send.isPending} onClick={() => input.current?.click()}>
              {t(picture ? "image_change" : "image_choose")}
            </Button>
            {picture && (
              <Button
                variant="subtle"
                color="red"
                leftSection={<IconTrash size={15} />}
                onClick={() => {
                  form.setFieldValue("picture", null);
                  form.setFieldValue("image_id", "");
                }}
              >
                {t("image_remove")}
              </Button>
            )}
          </div>
          <p className={classes.hint} role="status">
            {send.isPending && t("image_sending", { percent: Math.round(share * 100) })}
            {!send.isPending && picture && t("image_size", picture)}
            {!send.isPending && !picture && t("image_hint")}
          </p>
          {(refusal || form.errors.image_id) && (
            <p className={classes.error} role="alert">
              {refusal || form.errors.image_id}
            </p>
          )}
        </div>
      </fieldset>
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
