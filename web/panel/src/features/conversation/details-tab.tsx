import { answerText, type Conversation, type GivenAnswer, wordsIn } from "@aceno/contract";
import { ActionIcon } from "@mantine/core";
import { IconPencil } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { lazy, Suspense, useState } from "react";
import { useTranslation } from "react-i18next";
import { api } from "@/app/api.ts";
import { currentLanguage, currentLocale } from "@/app/i18n/index.ts";
import { useAccount, usePermission } from "@/app/services.tsx";
import { Fact, Facts } from "@/features/visit/facts.tsx";
import { Trail } from "@/features/visit/trail.tsx";
import { useVisit } from "@/features/visit/use-visit.ts";
import { VisitFacts } from "@/features/visit/visit-facts.tsx";
import { Country } from "@/shared/country.tsx";
import { formatElapsed, formatMoment, formatTime, languageName, safeHref } from "@/shared/format.ts";
import { MailLink } from "@/shared/linked.tsx";
import { tip } from "@/shared/tip.tsx";
import classes from "./conversation.module.css";
import { ownFields } from "./side/own-fields.ts";

const ContactForm = lazy(() => import("./side/contact-form.tsx").then((module) => ({ default: module.ContactForm })));

/** Who the visitor is, where from, with what, and where on the site now (T125). Lives while the visit does. */
export function DetailsTab({ conversation }: { conversation: Conversation }) {
  const { t } = useTranslation();
  const update = useVisit(conversation.visit_id);
  const detail = update?.visit ?? null;
  const gone = update?.gone ?? false;
  return (
    <>
      {gone && <p className={classes.gone}>{t("visit.gone")}</p>}
      <ConversationFacts conversation={conversation} />
      {detail && <Trail pages={detail.trail} gone={gone} />}
      {detail ? <VisitFacts visit={detail} gone={gone} named={false} /> : <KnownFacts conversation={conversation} />}
    </>
  );
}

function ConversationFacts({ conversation }: { conversation: Conversation }) {
  const { t } = useTranslation();
  const locale = currentLocale();
  const department = useAccount((state) => state.departments[conversation.department_id]?.name);
  const { visitor, queue_entered_at: entered, joined_at: joined } = conversation;
  const mayCorrect = usePermission("conversation.reply");
  // After the form the focus goes back to what opened it.
  const [editing, setEditing] = useState<boolean | "done">(false);
  const all = useVisitorAnswers(conversation);
  // What an agent corrected stands among the fields; the answers stay as the visitor gave them.
  const answers = all.filter(({ kind }) => !visitor.version || kind !== "identification");
  const asked = new Set(answers.map(({ field }) => field));
  const labels = Object.fromEntries(all.map(({ field, label }) => [field, wordsIn(label, currentLanguage())]));
  if (editing === true) {
    return (
      <div className={classes.sidePart}>
        <Suspense fallback={null}>
          <ContactForm conversation={conversation} labels={labels} onDone={() => setEditing("done")} />
        </Suspense>
      </div>
    );
  }
  return (
    <div className={classes.sidePart}>
      {mayCorrect && (
        <ActionIcon
          {...tip(t("side.contact_edit"))}
          className={classes.correct}
          size="sm"
          autoFocus={editing === "done"}
          aria-label={t("side.contact_edit")}
          onClick={() => setEditing(true)}
        >
          <IconPencil size={14} />
        </ActionIcon>
      )}
      <Facts>
        <Fact name={t("visit.name")}>{visitor.name}</Fact>
        <Fact name={t("visit.email")}>{visitor.email && <MailLink address={visitor.email} />}</Fact>
        <Fact name={t("visit.verified")}>{conversation.verified_id}</Fact>
        <Fact name={t("side.contact_phone")}>
          {visitor.phone && <a href={`tel:${visitor.phone.replace(/[^0-9+]/g, "")}`}>{visitor.phone}</a>}
        </Fact>
        {answers.map((answer) => (
          <Fact key={`${answer.kind} ${answer.field}`} name={wordsIn(answer.label, currentLanguage())}>
            {answerText(answer, currentLanguage(), t("side.yes"))}
          </Fact>
        ))}
        {ownFields(visitor.fields)
          .filter(([name]) => !asked.has(name))
          .map(([name, value]) => (
            <Fact key={name} name={labels[name] ?? name}>
              {value === true ? t("side.yes") : String(value)}
            </Fact>
          ))}
        <Fact name={t("conversation.department")}>{department}</Fact>
        <Fact name={t("conversation.rating")}>
          {conversation.rating !== null && `${conversation.rating}/5 ${conversation.rating_comment}`}
        </Fact>
        <Fact name={t("conversation.waited")}>
          {joined !== null && (
            <span title={formatMoment(entered, locale)}>
              {formatElapsed(joined - entered)} · {formatTime(entered, locale)}
            </span>
          )}
        </Fact>
      </Facts>
    </div>
  );
}

/** What the visitor answered to the account's own questions: before the chat, and after its end. */
function useVisitorAnswers({ id, rating }: Conversation): (GivenAnswer & { kind: string })[] {
  const query = useQuery({
    queryKey: ["answers", id, rating !== null],
    queryFn: async ({ signal }) => (await api.conversations.answers(id, signal)).answers,
  });
  return (query.data ?? [])
    .filter(({ kind }) => kind !== "conversation")
    .flatMap(({ kind, answers }) => answers.map((answer) => ({ ...answer, kind })));
}

/** What was noted when the conversation began, for when the visit itself is over. */
function KnownFacts({ conversation }: { conversation: Conversation }) {
  const { t } = useTranslation();
  const { visitor } = conversation;
  const href = safeHref(visitor.page_url);
  const place = [visitor.city, visitor.region].filter(Boolean).join(", ");
  return (
    <Facts>
      <Fact name={t("visit.place")}>
        {(visitor.country || place) && (
          <>
            <Country code={visitor.country} named={place === ""} /> {place}
          </>
        )}
      </Fact>
      <Fact name={t("visit.ip")}>{visitor.ip}</Fact>
      <Fact name={t("visit.technology")}>{[visitor.browser, visitor.system].filter(Boolean).join(" · ")}</Fact>
      <Fact name={t("preferences.language")}>{languageName(visitor.language, currentLocale())}</Fact>
      <Fact name={t("conversation.page")}>
        {href ? (
          <a href={href} target="_blank" rel="noreferrer noopener">
            {visitor.page_title || visitor.page_url}
          </a>
        ) : (
          visitor.page_title
        )}
      </Fact>
      <Fact name={t("visit.origin")}>{visitor.referrer}</Fact>
    </Facts>
  );
}
