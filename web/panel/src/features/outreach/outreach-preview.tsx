import type { OutreachTemplate } from "@aceno/contract";
import "@/app/i18n/outreach/index.ts";
import { useTranslation } from "react-i18next";
import classes from "./outreach.module.css";
import { wordsOf } from "./rules.ts";

interface OutreachPreviewProps {
  template: OutreachTemplate;
  language: "pt" | "en" | "es";
  /** Shown as who invites. */
  agent?: string;
}

/** An invite or a promotion as it will appear on the page. Nothing in it can be pressed. */
export function OutreachPreview({ template, language, agent }: OutreachPreviewProps) {
  const { t } = useTranslation("outreach");
  const words = wordsOf(template, language);
  const { image } = template;
  const alone = template.style === "image" && image;
  const picture = image && (
    <img
      src={image.url}
      alt={template.image_alt}
      width={image.width}
      height={image.height}
      className={classes.picture}
    />
  );
  return (
    <figure className={classes.stage} data-position={template.position} aria-label={t("preview")}>
      <div className={classes.card} data-alone={alone ? true : undefined}>
        <span className={classes.close} aria-hidden>
          ×
        </span>
        {picture}
        {!alone && (
          <div className={classes.body}>
            {agent && template.kind === "invite" && <p className={classes.from}>{agent}</p>}
            {words.title && <p className={classes.title}>{words.title}</p>}
            {words.text && <p className={classes.text}>{words.text}</p>}
            <span className={classes.button}>{words.button || t(template.kind === "promotion" ? "see" : "chat")}</span>
          </div>
        )}
      </div>
    </figure>
  );
}
