import type { Agent, PhotoShape } from "@aceno/contract";
import { Button, CloseButton } from "@mantine/core";
import { IconUser } from "@tabler/icons-react";
import { useMutation } from "@tanstack/react-query";
import { type DragEvent, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { explain } from "@/shared/explain.ts";
import classes from "./own.module.css";
import { shrink, Unreadable } from "./shrink.ts";

const types = ["image/png", "image/jpeg"];
const shapes = [
  { shape: "square", width: 61, height: 61 },
  { shape: "upright", width: 150, height: 200 },
] as const;

class WrongType extends Error {}

interface PhotoFieldsProps {
  agent: Pick<Agent, "photo_url" | "portrait_url">;
  set: (shape: PhotoShape, photo: Blob) => Promise<unknown>;
  remove: (shape: PhotoShape) => Promise<unknown>;
}

/** An agent's two photos, at the size visitors see them: one picture for both, or one each (T189, T190). Sent at once. */
export function PhotoFields({ agent, set, remove }: PhotoFieldsProps) {
  const { t } = useTranslation("agent");
  const { t: common } = useTranslation();
  const input = useRef<HTMLInputElement>(null);
  const wanted = useRef<PhotoShape>("both");
  const [over, setOver] = useState(false);
  const change = useMutation({
    mutationFn: async ({ shape, photo }: { shape: PhotoShape; photo: File | null }) => {
      if (photo === null) return remove(shape);
      if (!types.includes(photo.type)) throw new WrongType();
      return set(shape, await shrink(photo));
    },
  });
  const choose = (shape: PhotoShape) => {
    wanted.current = shape;
    input.current?.click();
  };
  const take = (photo: File | undefined) => photo && change.mutate({ shape: wanted.current, photo });
  const drag = (event: DragEvent, on: boolean) => {
    event.preventDefault();
    setOver(on);
  };
  const urls = { square: agent.photo_url, upright: agent.portrait_url };
  return (
    <fieldset
      className={classes.photos}
      data-over={over || undefined}
      aria-label={t("photo.title")}
      onDragOver={(event) => drag(event, true)}
      onDragLeave={(event) => drag(event, false)}
      onDrop={(event) => {
        drag(event, false);
        wanted.current = "both";
        take(event.dataTransfer.files[0]);
      }}
    >
      <p className={classes.hint}>{t("photo.intro")}</p>
      <input
        ref={input}
        type="file"
        accept={types.join(",")}
        hidden
        onChange={(event) => {
          take(event.currentTarget.files?.[0]);
          event.currentTarget.value = "";
        }}
      />
      <div className={classes.shapes}>
        {shapes.map(({ shape, width, height }) => (
          <figure key={shape} className={classes.shape}>
            <span className={classes.frame} style={{ width, height }}>
              {urls[shape] ? <img src={urls[shape]} alt="" /> : <IconUser size={width / 2} aria-hidden />}
            </span>
            <figcaption>
              <span className={classes.hint}>{t(`photo.${shape}`)}</span>
              <span className={classes.answers}>
                <Button
                  variant="default"
                  size="compact-sm"
                  disabled={change.isPending}
                  aria-label={t("photo.change_of", { shape: t(`photo.${shape}`) })}
                  onClick={() => choose(shape)}
                >
                  {t(urls[shape] ? "photo.change" : "photo.choose")}
                </Button>
                {urls[shape] && (
                  <CloseButton
                    size="sm"
                    disabled={change.isPending}
                    aria-label={t("photo.remove_of", { shape: t(`photo.${shape}`) })}
                    title={t("photo.remove")}
                    onClick={() => change.mutate({ shape, photo: null })}
                  />
                )}
              </span>
            </figcaption>
          </figure>
        ))}
      </div>
      <Button loading={change.isPending} className={classes.save} onClick={() => choose("both")}>
        {t("photo.both")}
      </Button>
      {change.isError && (
        <p role="alert" className={classes.error}>
          {change.error instanceof WrongType && t("photo.type")}
          {change.error instanceof Unreadable && t("photo.unreadable")}
          {!(change.error instanceof WrongType || change.error instanceof Unreadable) && explain(change.error, common)}
        </p>
      )}
    </fieldset>
  );
}
