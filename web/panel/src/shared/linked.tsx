import { mailto, splitLinks } from "@aceno/contract/links";
import { Fragment, type ReactNode, useMemo } from "react";

/**
 * A text with its links, which tell the other site nothing. They are searched for once, not at each drawing: a visitor decides how much
 * there is to search. `plain` draws what stands between the links.
 */
export function Linked({ text, plain }: { text: string; plain?: (text: string) => ReactNode }) {
  const parts = useMemo(() => splitLinks(text), [text]);
  return parts.map((part, index) => (
    // biome-ignore lint/suspicious/noArrayIndexKey: the parts of one text never change places
    <Fragment key={index}>
      {part.href === null ? (
        (plain?.(part.text) ?? part.text)
      ) : part.href.startsWith("mailto:") ? (
        <a href={part.href}>{part.text}</a>
      ) : (
        <a href={part.href} target="_blank" rel="noreferrer noopener nofollow">
          {part.text}
        </a>
      )}
    </Fragment>
  ));
}

/** A visitor's address, to write to it and to nobody else; text when it is not one address. */
export function MailLink({ address }: { address: string }) {
  const href = mailto(address);
  return href ? <a href={href}>{address}</a> : address;
}
