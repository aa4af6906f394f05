import type { Conversation } from "@aceno/contract";
import { ActionIcon, Button } from "@mantine/core";
import {
  IconArrowsDiagonal,
  IconArrowsDiagonalMinimize2,
  IconLock,
  IconMoodSmile,
  IconPaperclip,
} from "@tabler/icons-react";
import {
  type ClipboardEvent,
  type KeyboardEvent,
  lazy,
  useEffect,
  useLayoutEffect,
  useMemo,
  useRef,
  useState,
} from "react";
import { useTranslation } from "react-i18next";
import { currentLocale } from "@/app/i18n/index.ts";
import { useAccount, usePermission, usePreferences, useServices } from "@/app/services.tsx";
import { useInsertions } from "@/features/quickreply/insertion.ts";
import { useSlash } from "@/features/quickreply/use-slash.tsx";
import { browserTimers } from "@/shared/browser-timers.ts";
import { formatBytes, formatNumber } from "@/shared/format.ts";
import { notify } from "@/shared/notify.ts";
import { Opener } from "@/shared/opener.tsx";
import { tip } from "@/shared/tip.tsx";
import { acceptAttribute, refuseFile, textLength } from "./attachments.ts";
import classes from "./composer.module.css";
import { ComposerIntent } from "./composer-intent.tsx";
import { useDraft } from "./drafts.ts";
import { FileStrip } from "./file-strip.tsx";
import { type Intent, mayChange } from "./intent.ts";
import { TypingSignal } from "./typing.ts";
import { useEdit } from "./use-edit.ts";

const EmojiPicker = lazy(() => import("./emoji-picker.tsx").then((module) => ({ default: module.EmojiPicker })));

/** From this share of the limit on the counter is shown. */
const counterFrom = 0.8;

interface ComposerProps {
  conversation: Conversation;
  /** What is answered or changed; null for a new message. */
  intent: Intent | null;
  onIntent: (intent: Intent | null) => void;
}

/** The typing field: text, files, emoji, and internal messages in their own colour (T114, T119, T121). */
export function Composer({ conversation, intent, onIntent }: ComposerProps) {
  const { t } = useTranslation();
  const { live, outbox, threads } = useServices();
  const me = useAccount((state) => state.me.agent.id);
  const { send_key } = usePreferences();
  const limits = useAccount((state) => state.limits);
  const mayAttach = usePermission("file.send");
  const [draft, setDraft] = useDraft(conversation.id);
  const edit = useEdit(intent, () => onIntent(null));
  const [text, setText] = edit.on ? [edit.text, edit.setText] : [draft, setDraft];
  const [wished, setInternal] = useState(false);
  // An internal message is answered internally, and stays internal when it is edited.
  const internal = intent?.message.audience === "agents" || (wished && intent?.kind !== "edit");
  const [large, setLarge] = useState(false);
  const [files, setFiles] = useState<readonly File[]>([]);
  const [picking, setPicking] = useState(false);
  const area = useRef<HTMLTextAreaElement>(null);
  const chooser = useRef<HTMLInputElement>(null);
  const typing = useMemo(
    () => new TypingSignal((on) => live.typing(conversation.id, on), browserTimers),
    [live, conversation.id],
  );
  useEffect(() => () => typing.stop(), [typing]);
  // On a touch screen the focus would raise the keyboard over the messages; from an open dialog it is not taken.
  useEffect(() => {
    const busy =
      window.matchMedia("(pointer: coarse)").matches || document.querySelector("[role=dialog][aria-modal=true]");
    if (!busy) area.current?.focus({ preventScroll: true });
  }, []);
  useEffect(() => {
    if (intent) area.current?.focus();
  }, [intent]);
  useAutoHeight(area, text, large);
  const dragging = useDroppedFiles(area, mayAttach, (list) => addFiles(list));

  const used = textLength(text);
  const tooLong = used > limits.text;
  const empty = text.trim() === "" && files.length === 0;

  const send = () => {
    if (empty || tooLong) return;
    if (edit.on) {
      edit.save();
      return;
    }
    const audience = internal ? "agents" : "visitor";
    for (const file of files) outbox.add(conversation.id, audience, { text: "", file });
    if (text.trim() !== "")
      outbox.add(conversation.id, audience, {
        text: text.trim(),
        file: null,
        reply_to: intent?.message.sequence ?? null,
      });
    onIntent(null);
    setText("");
    setFiles([]);
    typing.stop();
    area.current?.focus();
  };
  const addFiles = (list: Iterable<File>) => {
    if (!mayAttach) return;
    const accepted: File[] = [];
    for (const file of list) {
      const refusal = refuseFile(file, limits);
      if (refusal === null) accepted.push(file);
      else {
        const locale = currentLocale();
        void notify({
          tone: "error",
          message: t(`conversation.${refusal}`, {
            name: file.name,
            size: formatBytes(file.size, locale),
            limit: formatBytes(limits.file_bytes, locale),
          }),
        });
      }
    }
    if (accepted.length > 0) setFiles((present) => [...present, ...accepted]);
    area.current?.focus();
  };
  const slash = useSlash({ conversation, text, setText, enabled: !edit.on });
  useInsertions(conversation.id, (piece) => insert(piece));
  const onKeyDown = (event: KeyboardEvent) => {
    if (slash.press(event)) return;
    if (event.key === "Escape" && intent) {
      event.stopPropagation();
      onIntent(null);
      return;
    }
    if (event.key === "ArrowUp" && text === "" && !intent) {
      const own = threads
        .get(conversation.id)
        .messages.findLast((message) => mayChange(message, me, Date.now() + live.getView().clockOffset));
      if (own?.kind !== "text") return;
      event.preventDefault();
      onIntent({ kind: "edit", message: own });
      return;
    }
    if (event.key !== "Enter" || event.nativeEvent.isComposing) return;
    const wanted = send_key === "enter" ? !event.shiftKey && !event.altKey : event.ctrlKey || event.metaKey;
    if (!wanted) return;
    event.preventDefault();
    send();
  };
  const onPaste = (event: ClipboardEvent) => {
    if (event.clipboardData.files.length === 0) return;
    event.preventDefault();
    addFiles(event.clipboardData.files);
  };
  const insert = (piece: string) => {
    const field = area.current;
    const at = field?.selectionStart ?? text.length;
    setText(text.slice(0, at) + piece + text.slice(field?.selectionEnd ?? at));
    setPicking(false);
    requestAnimationFrame(() => {
      field?.focus();
      field?.setSelectionRange(at + piece.length, at + piece.length);
    });
  };

  return (
    <form
      className={classes.composer}
      data-internal={internal || undefined}
      data-dragging={dragging || undefined}
      onSubmit={(event) => {
        event.preventDefault();
        send();
      }}
    >
      {slash.list}
      {intent && <ComposerIntent intent={intent} onCancel={() => onIntent(null)} />}
      {files.length > 0 && (
        <FileStrip files={files} onRemove={(file) => setFiles(files.filter((each) => each !== file))} />
      )}
      <div className={classes.line}>
        <textarea
          ref={area}
          className={classes.area}
          rows={1}
          value={text}
          aria-label={internal ? t("conversation.internal_full") : t("conversation.write")}
          aria-invalid={tooLong}
          {...slash.aria}
          placeholder={
            internal
              ? t("conversation.placeholder_internal")
              : t("conversation.placeholder", { name: conversation.visitor.name })
          }
          onChange={(event) => {
            setText(event.currentTarget.value);
            if (!internal && !edit.on && event.currentTarget.value.trim() !== "") typing.key();
            else typing.stop();
          }}
          onKeyDown={onKeyDown}
          onPaste={onPaste}
          onBlur={() => typing.stop()}
        />
        {mayAttach && (
          <ActionIcon
            {...tip(t("conversation.attach"))}
            aria-label={t("conversation.attach")}
            onClick={() => chooser.current?.click()}
          >
            <IconPaperclip size={17} stroke={1.7} />
          </ActionIcon>
        )}
        <input
          ref={chooser}
          type="file"
          multiple
          hidden
          accept={acceptAttribute(limits)}
          onChange={(event) => {
            addFiles(Array.from(event.currentTarget.files ?? []));
            event.currentTarget.value = "";
          }}
        />
        <Opener
          open={picking}
          onOpen={setPicking}
          button={(props) => (
            <ActionIcon
              {...props}
              {...tip(t("conversation.emoji"))}
              aria-label={t("conversation.emoji")}
              aria-haspopup="dialog"
            >
              <IconMoodSmile size={17} stroke={1.7} />
            </ActionIcon>
          )}
        >
          {(close) => <EmojiPicker onPick={insert} onClose={close} />}
        </Opener>
        <Button
          {...tip(t("conversation.internal_hint"))}
          className={classes.internal}
          variant="subtle"
          color="gray"
          leftSection={<IconLock size={15} stroke={1.7} />}
          aria-pressed={internal}
          aria-label={t("conversation.internal_full")}
          onClick={() => {
            setInternal(!internal);
            typing.stop();
            area.current?.focus();
          }}
        >
          <span className={classes.wide}>{t("conversation.internal")}</span>
        </Button>
        <ActionIcon
          {...tip(large ? t("conversation.shrink") : t("conversation.enlarge"))}
          className={classes.enlarge}
          aria-label={large ? t("conversation.shrink") : t("conversation.enlarge")}
          aria-pressed={large}
          onClick={() => {
            setLarge(!large);
            area.current?.focus();
          }}
        >
          {large ? (
            <IconArrowsDiagonalMinimize2 size={16} stroke={1.7} />
          ) : (
            <IconArrowsDiagonal size={16} stroke={1.7} />
          )}
        </ActionIcon>
        <Button
          type="submit"
          className={classes.send}
          data-disabled={empty || tooLong || undefined}
          aria-disabled={empty || tooLong}
        >
          {edit.on ? t("message.save") : internal ? t("conversation.send_internal") : t("conversation.send")}
        </Button>
      </div>
      {used >= limits.text * counterFrom && (
        <p className={classes.counter} role="status" data-over={tooLong || undefined}>
          {tooLong && `${t("conversation.too_long", { max: formatNumber(limits.text, currentLocale()) })} `}
          {t("conversation.counter", {
            used: formatNumber(used, currentLocale()),
            max: formatNumber(limits.text, currentLocale()),
          })}
        </p>
      )}
      {dragging && <div className={classes.drop}>{t("conversation.drop_here")}</div>}
    </form>
  );
}

/** Files may be dropped anywhere on the conversation. True while some hang over it. */
function useDroppedFiles(
  area: React.RefObject<HTMLTextAreaElement | null>,
  allowed: boolean,
  onFiles: (files: FileList) => void,
): boolean {
  const [over, setOver] = useState(false);
  const latest = useRef(onFiles);
  latest.current = onFiles;
  useEffect(() => {
    const zone = area.current?.closest<HTMLElement>("[data-pane]");
    if (!zone || !allowed) return;
    const drag = (event: DragEvent) => {
      if (!event.dataTransfer?.types.includes("Files")) return;
      event.preventDefault();
      setOver(true);
    };
    const leave = (event: DragEvent) => {
      if (!(event.relatedTarget instanceof Node && zone.contains(event.relatedTarget))) setOver(false);
    };
    const drop = (event: DragEvent) => {
      setOver(false);
      if (!event.dataTransfer || event.dataTransfer.files.length === 0) return;
      event.preventDefault();
      latest.current(event.dataTransfer.files);
    };
    zone.addEventListener("dragover", drag);
    zone.addEventListener("dragleave", leave);
    zone.addEventListener("drop", drop);
    return () => {
      zone.removeEventListener("dragover", drag);
      zone.removeEventListener("dragleave", leave);
      zone.removeEventListener("drop", drop);
    };
  }, [area, allowed]);
  return over;
}

/** Grows with the text up to a third of the pane; enlarged it keeps half of it (T121). */
function useAutoHeight(area: React.RefObject<HTMLTextAreaElement | null>, text: string, large: boolean): void {
  // biome-ignore lint/correctness/useExhaustiveDependencies: the text decides the height through the element
  useLayoutEffect(() => {
    const field = area.current;
    if (!field) return;
    const pane = field.closest<HTMLElement>("[data-pane]")?.clientHeight ?? 300;
    field.style.height = "auto";
    const most = Math.max(34, pane * (large ? 0.6 : 0.34));
    const least = large ? Math.min(most, Math.max(120, pane * 0.5)) : 34;
    field.style.height = `${Math.min(most, Math.max(least, field.scrollHeight + 2))}px`;
  }, [area, text, large]);
}
