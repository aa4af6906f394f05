import { currentLocale } from "@/app/i18n/index.ts";
import classes from "./country.module.css";
import { countryName } from "./format.ts";

interface CountryProps {
  /** Two letters; nothing is shown for an unknown country. */
  code: string;
  /** With the country's name beside the letters. */
  named?: boolean;
}

/** Two letters in a frame: not every system has flags, and letters are read faster than stripes. The name is on hover. */
export function Country({ code, named = false }: CountryProps) {
  if (!code) return null;
  const name = countryName(code, currentLocale());
  return (
    <>
      <abbr className={classes.code} title={name}>
        {code.toUpperCase()}
      </abbr>
      {named && ` ${name}`}
    </>
  );
}
