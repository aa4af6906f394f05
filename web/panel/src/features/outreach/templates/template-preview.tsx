import type { Language } from "@aceno/contract";
import { Button } from "@mantine/core";
import { IconRotateClockwise } from "@tabler/icons-react";
import { type CSSProperties, useState } from "react";
import { useTranslation } from "react-i18next";
import { useAccount } from "@/app/services.tsx";
import classes from "./preview.module.css";
import { readableOn, type TemplateValues, wordsIn } from "./values.ts";

interface TemplatePreviewProps {
  values: TemplateValues;
  language: Language;
}

/** What the visitor will see, in the place, the colour and with the entrance it will have. Nothing in it can be pressed. */
export function TemplatePreview({ values, language }: TemplatePreviewProps) {
  const { t } = useTranslation("templates");
  const [round, setRound] = useState(0);
  const { position, animation } = values;
  return (
    <aside className={classes.aside} aria-label={t("preview")}>
      <div className={classes.head}>
        <h3>{t("preview")}</h3>
        <Button
          variant="subtle"
          size="compact-xs"
          leftSection={<IconRotateClockwise size={14} />}
          disabled={animation === "none"}
          onClick={() => setRound((before) => before + 1)}
        >
          {t("preview_again")}
        </Button>
      </div>
      <div className={classes.stage} data-position={position}>
        <Lines />
        <Card key={`${round} ${position} ${animation} ${values.style}`} values={values} language={language} />
      </div>
    </aside>
  );
}

function Card({ values, language }: TemplatePreviewProps) {
  const { t } = useTranslation("templates");
  const name = useAccount((state) => state.me.agent.name);
  const look = useAccount((state) => Object.values(state.sites).find(({ active }) => active)?.settings.theme);
  const { picture, kind, style } = values;
  const words = wordsIn(values.texts, language);
  const alone = style === "image";
  if (alone && !picture) return <p className={classes.nothing}>{t("preview_empty")}</p>;
  const colours = {
    ...(look?.brand ? { "--site": look.brand, "--on-site": readableOn(look.brand) } : {}),
    ...(look ? { "--corner": `${look.corner}px` } : {}),
  } as CSSProperties;
  return (
    <div className={classes.card} data-animation={values.animation} data-alone={alone || undefined} style={colours}>
      {picture && <img src={picture.url} alt={values.image_alt} width={picture.width} height={picture.height} />}
      {!alone && (
        <div className={classes.body}>
          {kind === "invite" && <p className={classes.from}>{name}</p>}
          {words.title && <p className={classes.title}>{words.title}</p>}
          {words.text && <p>{words.text}</p>}
          {!words.title && !words.text && <p className={classes.missing}>{t("preview_unwritten")}</p>}
          <span className={classes.button}>{words.button || t(kind === "promotion" ? "see" : "chat")}</span>
        </div>
      )}
      <span className={classes.close} aria-hidden>
        ×
      </span>
    </div>
  );
}

/** A page, hinted at. */
function Lines() {
  return (
    <div className={classes.page} aria-hidden>
      {["44%", "92%", "86%", "60%", "94%", "78%"].map((width) => (
        <i key={width} style={{ width }} />
      ))}
    </div>
  );
}
