import type { Site } from "@aceno/contract";
import { IconMessage } from "@tabler/icons-react";
import type { CSSProperties } from "react";
import { useTranslation } from "react-i18next";
import classes from "./look.module.css";

interface LookPreviewProps {
  settings: Site["settings"];
  siteName: string;
  language: Site["language"];
  online: boolean;
}

/** A page in small with the call where it would be and the chat as it would look. A picture: nothing in it can be operated. */
export function LookPreview({ settings, siteName, language, online }: LookPreviewProps) {
  const { t } = useTranslation("admin", { lng: language });
  const { theme, call_mode: mode } = settings;
  const own = settings.texts[language];
  const image = (!online && theme.launcher_offline) || theme.launcher_online;
  const shown = mode !== 5 && (online || !settings.hide_when_offline);
  const style = {
    "--brand": theme.brand,
    "--ink": readable(theme.brand),
    "--corner": `${Math.round(theme.corner * 0.7)}px`,
  } as CSSProperties;
  const label = (online && own.label) || t(online ? "look.default_label" : "look.default_offline");
  return (
    <div className={classes.preview} style={style} data-scheme={theme.scheme === "dark" ? "dark" : "light"} aria-hidden>
      <div className={classes.bar}>
        <i />
        <i />
        <i />
        <span>www.{siteName.toLowerCase().replace(/[^a-z0-9]+/g, "") || "site"}.com.br</span>
      </div>
      <div className={classes.canvas}>
        <div className={classes.lines}>
          <b />
          <i />
          <i />
          {mode === 0 && shown && <Call mode={0} image={image} label={label} online={online} />}
          <i />
        </div>
        <div className={classes.chat} data-left={[2, 4, 7, 11].includes(mode) || undefined} data-size={theme.size}>
          <header>{own.title || siteName}</header>
          <p>{online ? own.greeting || t("look.default_greeting") : own.away || t("look.default_away")}</p>
          {online && <span className={classes.field} />}
          {online && <span className={classes.start}>{t("look.default_start")}</span>}
        </div>
        {mode !== 0 && shown && <Call mode={mode} image={image} label={label} online={online} />}
      </div>
    </div>
  );
}

function Call({ mode, image, label, online }: { mode: number; image: string; label: string; online: boolean }) {
  const round = mode >= 10 && !image;
  return (
    <span className={classes.call} data-mode={mode} data-round={round || undefined} data-away={!online || undefined}>
      {image ? <img src={image} alt="" /> : round ? <IconMessage size={18} /> : label}
    </span>
  );
}

/** White or nearly black, whichever reads on the colour: WCAG 2.2, relative luminance. */
function readable(brand: string): string {
  const [red = 0, green = 0, blue = 0] = [1, 3, 5].map((at) => {
    const part = Number.parseInt(brand.slice(at, at + 2), 16) / 255;
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue > 0.179 ? "#111111" : "#ffffff";
}
