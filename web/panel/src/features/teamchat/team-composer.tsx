import { ActionIcon, Button } from "@mantine/core";
import { IconMoodSmile, IconPaperclip } from "@tabler/icons-react";
import { type KeyboardEvent, lazy, useEffect, useId, useLayoutEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import "@/app/i18n/conversation/index.ts";
import { currentLocale } from "@/app/i18n/index.ts";
import { useAccount, usePreferences } from "@/app/services.tsx";
import { acceptAttribute, refuseFile, textLength } from "@/features/conversation/attachments.ts";
import { useDraft } from "@/features/conversation/drafts.ts";
import { formatBytes, formatNumber } from "@/shared/format.ts";
import { notify } from "@/shared/notify.ts";
import { Opener } from "@/shared/opener.tsx";
import { tip } from "@/shared/tip.tsx";
import { mentionAt, mentionedIn, type Person, suggest } from "./mentions.ts";
import classes from "./team.module.css";
import { type RoomHead, useTeamStore } from "./use-team.ts";

const EmojiPicker = lazy(() =>
  import("@/features/conversation/emoji-picker.tsx").then((module) => ({ default: module.EmojiPicker })),
);

/** The typing field of a room: text, `@`, files by button, drop and paste, emoji. */
export function TeamComposer({ room, head }: { room: string; head: RoomHead }) {
  const { t } = useTranslation("teamchat");
  const store = useTeamStore();
  const limits = useAccount((state) => state.limits);
  const { send_key } = usePreferences();
  const [text, setText] = useDraft(`team.${room}`);
  const [picking, setPicking] = useState(false);
  const area = useRef<HTMLTextAreaElement>(null);
  const chooser = useRef<HTMLInputElement>(null);
  const sendFiles = useFiles(room);
  const put = (next: string, caret: number) => {
    setText(next);
    requestAnimationFrame(() => {
      area.current?.focus();
      area.current?.setSelectionRange(caret, caret);
    });
  };
  const mention = useMention(text, head.members, area, put);
  useEffect(() => {
    if (!window.matchMedia("(pointer: coarse)").matches) area.current?.focus({ preventScroll: true });
  }, []);
  useHeight(area, text);
  const dragging = useDrop(area, sendFiles);

  const tooLong = textLength(text) > limits.text;
  const empty = text.trim() === "";
  const send = () => {
    if (empty || tooLong) return;
    const said = text.trim();
    store.send(room, { text: said, mentions: mentionedIn(said, head.members), file: null });
    setText("");
    area.current?.focus();
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (mention.onKeyDown(event) || event.key !== "Enter" || event.nativeEvent.isComposing) return;
    const wanted = send_key === "enter" ? !event.shiftKey && !event.altKey : event.ctrlKey || event.metaKey;
    if (!wanted) return;
    event.preventDefault();
    send();
  };
  return (
    <form
      className={classes.composer}
      onSubmit={(event) => {
        event.preventDefault();
        send();
      }}
    >
      {mention.list}
      {tooLong && (
        <p className={classes.over} role="alert">
          {t("too_long", { max: formatNumber(limits.text, currentLocale()) })}
        </p>
      )}
      <div className={classes.field}>
        <textarea
          ref={area}
          className={classes.area}
          rows={1}
          value={text}
          aria-label={t("write", { name: head.name })}
          aria-invalid={tooLong}
          aria-autocomplete={head.department ? "list" : undefined}
          aria-controls={mention.list ? mention.listId : undefined}
          aria-activedescendant={mention.active}
          placeholder={t(head.department ? "placeholder_room" : "placeholder_direct", { name: head.name })}
          onChange={(event) => {
            setText(event.currentTarget.value);
            mention.look();
          }}
          onKeyDown={onKeyDown}
          onSelect={mention.look}
          onBlur={mention.close}
          onPaste={(event) => {
            if (event.clipboardData.files.length === 0) return;
            event.preventDefault();
            sendFiles(event.clipboardData.files);
          }}
        />
        <ActionIcon {...tip(t("attach"))} aria-label={t("attach")} onClick={() => chooser.current?.click()}>
          <IconPaperclip size={17} stroke={1.7} />
        </ActionIcon>
        <input
          ref={chooser}
          type="file"
          multiple
          hidden
          accept={acceptAttribute(limits)}
          onChange={(event) => {
            sendFiles(event.currentTarget.files ?? []);
            event.currentTarget.value = "";
          }}
        />
        <Opener
          open={picking}
          onOpen={setPicking}
          button={(props) => (
            <ActionIcon {...props} {...tip(t("emoji"))} aria-label={t("emoji")} aria-haspopup="dialog">
              <IconMoodSmile size={17} stroke={1.7} />
            </ActionIcon>
          )}
        >
          {(close) => (
            <EmojiPicker
              onClose={close}
              onPick={(emoji) => {
                const at = area.current?.selectionStart ?? text.length;
                setPicking(false);
                put(text.slice(0, at) + emoji + text.slice(area.current?.selectionEnd ?? at), at + emoji.length);
              }}
            />
          )}
        </Opener>
        <Button type="submit" className={classes.send} aria-disabled={empty || tooLong}>
          {t("send")}
        </Button>
      </div>
      {dragging && <div className={classes.drop}>{t("drop_here")}</div>}
    </form>
  );
}

/** The list that opens while a name is typed after `@`. */
function useMention(
  text: string,
  people: readonly Person[],
  area: React.RefObject<HTMLTextAreaElement | null>,
  put: (text: string, caret: number) => void,
) {
  const { t } = useTranslation("teamchat");
  const listId = useId();
  const [caret, setCaret] = useState<number | null>(null);
  const [index, setIndex] = useState(0);
  const query = caret === null ? null : mentionAt(text, caret);
  const found = query ? suggest(people, query.text) : [];
  const at = Math.min(index, found.length - 1);
  const close = () => setCaret(null);
  const look = () =>
    requestAnimationFrame(() => {
      setCaret(area.current?.selectionStart ?? null);
    });
  const pick = (person: Person | undefined) => {
    if (!person || !query || caret === null) return;
    const called = `@${person.name} `;
    put(text.slice(0, query.from) + called + text.slice(caret).replace(/^ /, ""), query.from + called.length);
    setIndex(0);
    close();
  };
  /** True when the key was for the list. */
  const onKeyDown = (event: KeyboardEvent): boolean => {
    if (found.length === 0) return false;
    switch (event.key) {
      case "ArrowDown":
      case "ArrowUp":
        setIndex((at + (event.key === "ArrowDown" ? 1 : found.length - 1)) % found.length);
        break;
      case "Enter":
      case "Tab":
        pick(found[at]);
        break;
      case "Escape":
        close();
        break;
      default:
        return false;
    }
    event.preventDefault();
    return true;
  };
  const list = found.length > 0 && (
    <div id={listId} className={classes.suggestions} role="listbox" aria-label={t("mention_list")}>
      {found.map((person, each) => (
        // biome-ignore lint/a11y/useFocusableInteractive: the typing field keeps the focus and the keys
        <div
          key={person.id}
          id={`${listId}-${each}`}
          role="option"
          aria-selected={each === at}
          onPointerDown={(event) => {
            event.preventDefault();
            pick(person);
          }}
        >
          {person.name}
        </div>
      ))}
    </div>
  );
  return { list, listId, active: list ? `${listId}-${at}` : undefined, onKeyDown, look, close };
}

/** Sends files at once; what may not be sent is told. */
function useFiles(room: string): (files: Iterable<File>) => void {
  const { t } = useTranslation();
  const store = useTeamStore();
  const limits = useAccount((state) => state.limits);
  return (files) => {
    const locale = currentLocale();
    for (const file of Array.from(files)) {
      const refusal = refuseFile(file, limits);
      if (refusal === null) store.send(room, { text: "", mentions: [], file });
      else {
        const size = formatBytes(file.size, locale);
        const limit = formatBytes(limits.file_bytes, locale);
        void notify({ tone: "error", message: t(`conversation.${refusal}`, { name: file.name, size, limit }) });
      }
    }
  };
}

/** Files may be dropped anywhere on the room. True while some hang over it. */
function useDrop(area: React.RefObject<HTMLTextAreaElement | null>, onFiles: (files: FileList) => void): boolean {
  const [over, setOver] = useState(false);
  const latest = useRef(onFiles);
  latest.current = onFiles;
  useEffect(() => {
    const zone = area.current?.closest<HTMLElement>("[data-pane]");
    if (!zone) return;
    const stop = new AbortController();
    const { signal } = stop;
    zone.addEventListener(
      "dragover",
      (event) => {
        if (!event.dataTransfer?.types.includes("Files")) return;
        event.preventDefault();
        setOver(true);
      },
      { signal },
    );
    zone.addEventListener(
      "dragleave",
      (event) => {
        if (!(event.relatedTarget instanceof Node && zone.contains(event.relatedTarget))) setOver(false);
      },
      { signal },
    );
    zone.addEventListener(
      "drop",
      (event) => {
        setOver(false);
        if (!event.dataTransfer?.files.length) return;
        event.preventDefault();
        latest.current(event.dataTransfer.files);
      },
      { signal },
    );
    return () => stop.abort();
  }, [area]);
  return over;
}

/** Grows with the text up to a third of the room. */
function useHeight(area: React.RefObject<HTMLTextAreaElement | null>, text: string): void {
  // biome-ignore lint/correctness/useExhaustiveDependencies: the text decides the height through the element
  useLayoutEffect(() => {
    const field = area.current;
    if (!field) return;
    field.style.height = "auto";
    field.style.height = `${Math.min(140, Math.max(34, field.scrollHeight + 2))}px`;
  }, [area, text]);
}
