import "@/app/i18n/admin/index.ts";
import "@/app/i18n/contact/index.ts";
import "@/app/theme/forms.ts";
import { answerText, type ContactRequest, type ContactState, wordsIn } from "@aceno/contract";
import { mailto } from "@aceno/contract/links";
import { Alert, Button, SegmentedControl } from "@mantine/core";
import { keepPreviousData, useInfiniteQuery, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Fragment, useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { api } from "@/app/api.ts";
import { currentLanguage, currentLocale } from "@/app/i18n/index.ts";
import { useAccount, useServices } from "@/app/services.tsx";
import { AdminPage } from "@/features/admin/admin-page.tsx";
import { RecordList, StateMark } from "@/features/admin/record-list.tsx";
import { Dialog } from "@/shared/dialog.tsx";
import { explain } from "@/shared/explain.ts";
import { safeHref } from "@/shared/format.ts";
import { MailLink } from "@/shared/linked.tsx";
import { MoreButton } from "@/shared/more-button.tsx";
import { notify } from "@/shared/notify.ts";
import classes from "./contacts.module.css";

const states = ["open", "in_progress", "answered"] as const;

/** Where the server stops counting: that many means that many or more. */
const countMax = 1000;

/** How a count is shown when some of what it sums up was not counted to its end. */
const counted = (sum: number, parts: readonly number[]) =>
  parts.some((part) => part >= countMax) ? `${countMax - 1}+` : `${sum}`;

/** What visitors left when nobody attended (T159): the list by state, the message, how far it is. */
export function ContactsPage() {
  const { t } = useTranslation("contact");
  const { t: admin } = useTranslation("admin");
  const { t: common } = useTranslation();
  const [state, setState] = useState<ContactState | "all">("open");
  const [open, setOpen] = useState<ContactRequest | null>(null);
  const table = useRef<HTMLDivElement>(null);
  const list = useContacts(state);
  const contacts = list.data?.pages.flatMap((page) => page.contacts) ?? [];
  const counts = list.data?.pages[0]?.counts;
  const each = states.map((value) => counts?.[value] ?? 0);
  const sum = each.reduce((all, one) => all + one, 0);
  return (
    <AdminPage title={admin("pages.contacts")} intro={t("intro")}>
      {list.isError && !list.isFetchNextPageError && (
        <Alert color="red" p="xs" role="alert">
          {explain(list.error, common)}{" "}
          <Button variant="subtle" size="compact-xs" onClick={() => void list.refetch()}>
            {common("common.retry")}
          </Button>
        </Alert>
      )}
      <SegmentedControl
        classNames={{ root: classes.states, label: classes.stateLabel }}
        aria-label={t("state")}
        value={state}
        onChange={(value) => setState(value as ContactState | "all")}
        data={[
          ...states.map((value, i) => ({
            value,
            label: t("state_count", { state: t(`states.${value}`), count: counted(each[i] ?? 0, [each[i] ?? 0]) }),
          })),
          { value: "all", label: t("all", { count: counted(sum, each) }) },
        ]}
      />
      {(list.isPending || list.isPlaceholderData) && <p role="status">{common("common.loading")}</p>}
      {list.data && !list.isPlaceholderData && (
        <>
          <div ref={table} className={classes.list}>
            <ContactList contacts={contacts} onOpen={setOpen} />
          </div>
          {list.isFetchNextPageError && (
            <Alert color="red" p="xs" role="alert">
              {explain(list.error, common)}
            </Alert>
          )}
          <MoreButton
            query={list}
            entries={() => Array.from(table.current?.querySelectorAll<HTMLElement>("tbody button") ?? [])}
          >
            {t("more")}
          </MoreButton>
        </>
      )}
      {open && <ContactDialog opened={open} onClose={() => setOpen(null)} />}
    </AdminPage>
  );
}

/** The requests, read again when one comes or changes. */
function useContacts(state: ContactState | "all") {
  const { live } = useServices();
  const client = useQueryClient();
  useEffect(
    () =>
      live.onEvent(({ kind }) => {
        if (kind === "contact.saved") void client.invalidateQueries({ queryKey: ["contacts"] });
      }),
    [live, client],
  );
  return useInfiniteQuery({
    queryKey: ["contacts", state],
    queryFn: ({ pageParam, signal }) =>
      api.contacts.list({ ...(state !== "all" && { state }), ...(pageParam && { before: pageParam }) }, signal),
    initialPageParam: "",
    getNextPageParam: (page) => (page.more ? page.contacts.at(-1)?.id : undefined),
    // Keeps the counts while another state is read; its rows are not shown.
    placeholderData: keepPreviousData,
    staleTime: 0,
  });
}

function ContactList({ contacts, onOpen }: { contacts: ContactRequest[]; onOpen: (contact: ContactRequest) => void }) {
  const { t } = useTranslation("contact");
  const { t: admin } = useTranslation("admin");
  const departments = useAccount((account) => account.departments);
  const agents = useAccount((account) => account.agents);
  const when = new Intl.DateTimeFormat(currentLocale(), { dateStyle: "short", timeStyle: "short" });
  return (
    <RecordList
      label={admin("pages.contacts")}
      records={contacts}
      keyOf={({ id }) => id}
      quiet={({ state }) => state === "answered"}
      empty={t("empty")}
      columns={[
        {
          id: "at",
          label: t("at"),
          cell: ({ created_at }) => <span className={classes.at}>{when.format(created_at)}</span>,
        },
        {
          id: "from",
          label: t("from"),
          cell: (contact) => (
            <>
              <Button className={classes.from} variant="subtle" size="compact-sm" onClick={() => onOpen(contact)}>
                <span className={classes.name} title={contact.name}>
                  {contact.name}
                </span>
              </Button>
              <span className={classes.below}>{contact.subject || contact.message}</span>
            </>
          ),
        },
        {
          id: "about",
          label: t("about"),
          wide: true,
          cell: ({ subject, message }) => <span className={classes.about}>{subject || message}</span>,
        },
        {
          id: "department",
          label: t("department"),
          wide: true,
          cell: ({ department_id }) => departments[department_id]?.name ?? "",
        },
        {
          id: "state",
          label: t("state"),
          cell: ({ state }) => <StateMark on={state !== "answered"}>{t(`states.${state}`)}</StateMark>,
        },
        {
          id: "by",
          label: t("by"),
          wide: true,
          cell: ({ agent_id }) => (agent_id ? (agents[agent_id]?.name ?? "") : ""),
        },
      ]}
    />
  );
}

/** Stays open when the list it was opened from has it no longer: who takes it in hand answers it next. */
function ContactDialog({ opened, onClose }: { opened: ContactRequest; onClose: () => void }) {
  const { t } = useTranslation("contact");
  const { t: common } = useTranslation();
  const client = useQueryClient();
  const { data: contact } = useQuery({
    queryKey: ["contacts", "one", opened.id],
    queryFn: ({ signal }) => api.contacts.get(opened.id, signal),
    initialData: opened,
    staleTime: Number.POSITIVE_INFINITY,
  });
  const move = useMutation({
    mutationFn: (state: ContactState) => api.contacts.move(contact, state),
    onSuccess: () => void notify({ id: "contact", message: t("moved") }),
    onSettled: () => client.invalidateQueries({ queryKey: ["contacts"] }),
  });
  const { data: given } = useQuery({
    queryKey: ["contacts", "answers", contact.id],
    queryFn: ({ signal }) => api.contacts.answers(contact.id, signal),
  });
  const answers = given?.answers.flatMap(({ answers: said }) => said) ?? [];
  const writing = mailto(contact.email);
  const page = safeHref(contact.page_url);
  return (
    <Dialog title={t("details", { name: contact.name })} onClose={onClose}>
      <div className={classes.contact}>
        <h3>{contact.subject || t("no_subject")}</h3>
        <p className={classes.message}>{contact.message}</p>
        <dl className={classes.facts}>
          <dt>E-mail</dt>
          <dd>
            <MailLink address={contact.email} />
          </dd>
          {contact.phone && (
            <>
              <dt>{t("phone")}</dt>
              <dd>{contact.phone}</dd>
            </>
          )}
          {answers.map((answer) => (
            <Fragment key={answer.field}>
              <dt>{wordsIn(answer.label, currentLanguage())}</dt>
              <dd>{answerText(answer, currentLanguage(), "✓")}</dd>
            </Fragment>
          ))}
          {page && (
            <>
              <dt>{t("page")}</dt>
              <dd>
                <a href={page} target="_blank" rel="noreferrer noopener">
                  {contact.page_url}
                </a>
              </dd>
            </>
          )}
        </dl>
        {move.isError && (
          <Alert color="red" p="xs" role="alert">
            {explain(move.error, common)}
          </Alert>
        )}
        <SegmentedControl
          aria-label={t("state")}
          value={contact.state}
          onChange={(value) => {
            // Not disabled meanwhile: that would take the focus away.
            if (!move.isPending) move.mutate(value as ContactState);
          }}
          data={states.map((value) => ({ value, label: t(`states.${value}`) }))}
        />
        <div className={classes.answers}>
          {writing && (
            <Button component="a" href={`${writing}?subject=${encodeURIComponent(`Re: ${contact.subject}`)}`}>
              {t("reply")}
            </Button>
          )}
          <Button variant="default" onClick={onClose}>
            {t("close")}
          </Button>
        </div>
      </div>
    </Dialog>
  );
}
