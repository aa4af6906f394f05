import { Button } from "@mantine/core";
import { IconPhoto, IconTrash } from "@tabler/icons-react";
import { useMutation } from "@tanstack/react-query";
import { type DragEvent, type ReactNode, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { explain } from "@/shared/explain.ts";
import classes from "./image-drop.module.css";

/** The server looks at the bytes; this spares the way there. */
const largestImage = 1 << 20;
const imageTypes = ["image/png", "image/jpeg", "image/gif", "image/webp"];

class Refused extends Error {}

interface Picture {
  url: string;
  width?: number;
  height?: number;
}

interface ImageDropProps<P extends Picture> {
  label: string;
  /** Null: none is chosen. */
  picture: Picture | null;
  send: (file: File, uploading: { onProgress: (share: number) => void }) => Promise<P>;
  onSent: (picture: P) => void;
  onRemove: () => void;
  /** What else was refused about it. */
  error?: ReactNode;
}

/** A picture that is chosen or dropped, sent at once, and shown with its size. */
export function ImageDrop<P extends Picture>({ label, picture, send, onSent, onRemove, error }: ImageDropProps<P>) {
  const { t } = useTranslation("admin");
  const { t: common } = useTranslation();
  const input = useRef<HTMLInputElement>(null);
  const [over, setOver] = useState(false);
  const [share, setShare] = useState(0);
  const sending = useMutation({
    mutationFn: (file: File) => {
      if (!imageTypes.includes(file.type)) throw new Refused(t("image.type"));
      if (file.size > largestImage) throw new Refused(t("image.too_large"));
      setShare(0);
      return send(file, { onProgress: setShare });
    },
    onSuccess: onSent,
  });
  const take = (file: File | undefined) => file && sending.mutate(file);
  const drag = (event: DragEvent, on: boolean) => {
    event.preventDefault();
    setOver(on);
  };
  const refusal =
    sending.error instanceof Refused ? sending.error.message : sending.isError && explain(sending.error, common);
  return (
    <fieldset
      className={classes.image}
      data-over={over || undefined}
      aria-label={label}
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
            aria-label={label}
            hidden
            onChange={(event) => {
              take(event.currentTarget.files?.[0]);
              event.currentTarget.value = "";
            }}
          />
          <Button variant="default" loading={sending.isPending} onClick={() => input.current?.click()}>
            {t(picture ? "image.change" : "image.choose")}
          </Button>
          {picture && (
            <Button
              variant="subtle"
              color="red"
              leftSection={<IconTrash size={15} />}
              onClick={() => {
                sending.reset();
                onRemove();
              }}
            >
              {t("image.remove")}
            </Button>
          )}
        </div>
        <p className={classes.hint} role="status">
          {sending.isPending && t("image.sending", { percent: Math.round(share * 100) })}
          {!sending.isPending && picture?.width && t("image.size", { width: picture.width, height: picture.height })}
          {!sending.isPending && !picture && t("image.hint")}
        </p>
        {(refusal || error) && (
          <p className={classes.error} role="alert">
            {refusal || error}
          </p>
        )}
      </div>
    </fieldset>
  );
}
