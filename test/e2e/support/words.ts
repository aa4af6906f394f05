import adminEn from "../../../web/panel/src/app/i18n/admin/en.json" with { type: "json" };
import adminPt from "../../../web/panel/src/app/i18n/admin/pt.json" with { type: "json" };
import agentEn from "../../../web/panel/src/app/i18n/agent/en.json" with { type: "json" };
import agentPt from "../../../web/panel/src/app/i18n/agent/pt.json" with { type: "json" };
import auditEn from "../../../web/panel/src/app/i18n/audit/en.json" with { type: "json" };
import auditPt from "../../../web/panel/src/app/i18n/audit/pt.json" with { type: "json" };
import conversationEn from "../../../web/panel/src/app/i18n/conversation/en.json" with { type: "json" };
import conversationPt from "../../../web/panel/src/app/i18n/conversation/pt.json" with { type: "json" };
import departmentEn from "../../../web/panel/src/app/i18n/department/en.json" with { type: "json" };
import departmentPt from "../../../web/panel/src/app/i18n/department/pt.json" with { type: "json" };
import panelEn from "../../../web/panel/src/app/i18n/en.json" with { type: "json" };
import gridEn from "../../../web/panel/src/app/i18n/grid/en.json" with { type: "json" };
import gridPt from "../../../web/panel/src/app/i18n/grid/pt.json" with { type: "json" };
import messageEn from "../../../web/panel/src/app/i18n/message/en.json" with { type: "json" };
import messagePt from "../../../web/panel/src/app/i18n/message/pt.json" with { type: "json" };
import offerEn from "../../../web/panel/src/app/i18n/offer/en.json" with { type: "json" };
import offerPt from "../../../web/panel/src/app/i18n/offer/pt.json" with { type: "json" };
import outreachEn from "../../../web/panel/src/app/i18n/outreach/en.json" with { type: "json" };
import outreachPt from "../../../web/panel/src/app/i18n/outreach/pt.json" with { type: "json" };
import panelPt from "../../../web/panel/src/app/i18n/pt.json" with { type: "json" };
import queueEn from "../../../web/panel/src/app/i18n/queue/en.json" with { type: "json" };
import queuePt from "../../../web/panel/src/app/i18n/queue/pt.json" with { type: "json" };
import quickreplyEn from "../../../web/panel/src/app/i18n/quickreply/en.json" with { type: "json" };
import quickreplyPt from "../../../web/panel/src/app/i18n/quickreply/pt.json" with { type: "json" };
import routingEn from "../../../web/panel/src/app/i18n/routing/en.json" with { type: "json" };
import routingPt from "../../../web/panel/src/app/i18n/routing/pt.json" with { type: "json" };
import setupEn from "../../../web/panel/src/app/i18n/setup/en.json" with { type: "json" };
import setupPt from "../../../web/panel/src/app/i18n/setup/pt.json" with { type: "json" };
import sideEn from "../../../web/panel/src/app/i18n/side/en.json" with { type: "json" };
import sidePt from "../../../web/panel/src/app/i18n/side/pt.json" with { type: "json" };
import supervisionEn from "../../../web/panel/src/app/i18n/supervision/en.json" with { type: "json" };
import supervisionPt from "../../../web/panel/src/app/i18n/supervision/pt.json" with { type: "json" };
import teamchatEn from "../../../web/panel/src/app/i18n/teamchat/en.json" with { type: "json" };
import teamchatPt from "../../../web/panel/src/app/i18n/teamchat/pt.json" with { type: "json" };
import templatesEn from "../../../web/panel/src/app/i18n/templates/en.json" with { type: "json" };
import templatesPt from "../../../web/panel/src/app/i18n/templates/pt.json" with { type: "json" };
import transcriptEn from "../../../web/panel/src/app/i18n/transcript/en.json" with { type: "json" };
import transcriptPt from "../../../web/panel/src/app/i18n/transcript/pt.json" with { type: "json" };
import transferEn from "../../../web/panel/src/app/i18n/transfer/en.json" with { type: "json" };
import transferPt from "../../../web/panel/src/app/i18n/transfer/pt.json" with { type: "json" };
import triggerEn from "../../../web/panel/src/app/i18n/trigger/en.json" with { type: "json" };
import triggerPt from "../../../web/panel/src/app/i18n/trigger/pt.json" with { type: "json" };
import { en as widgetEn } from "../../../web/widget/src/chat/words/en.ts";
import { pt as widgetPt } from "../../../web/widget/src/chat/words/pt.ts";

export type Language = "pt" | "en";

/** The words people read, from the catalogues of the panel and the widget: the tests look for what is really shown. */
export const words = {
  pt: {
    panel: { ...panelPt, conversation: conversationPt, message: messagePt, side: sidePt },
    admin: adminPt,
    agent: agentPt,
    department: departmentPt,
    audit: auditPt,
    grid: gridPt,
    offer: offerPt,
    outreach: outreachPt,
    queue: queuePt,
    quickreply: quickreplyPt,
    routing: routingPt,
    setup: setupPt,
    supervision: supervisionPt,
    teamchat: teamchatPt,
    templates: templatesPt,
    transcript: transcriptPt,
    transfer: transferPt,
    trigger: triggerPt,
    widget: widgetPt,
    locale: "pt-BR",
  },
  en: {
    panel: { ...panelEn, conversation: conversationEn, message: messageEn, side: sideEn },
    admin: adminEn,
    agent: agentEn,
    department: departmentEn,
    audit: auditEn,
    grid: gridEn,
    offer: offerEn,
    outreach: outreachEn,
    queue: queueEn,
    quickreply: quickreplyEn,
    routing: routingEn,
    setup: setupEn,
    supervision: supervisionEn,
    teamchat: teamchatEn,
    templates: templatesEn,
    transcript: transcriptEn,
    transfer: transferEn,
    trigger: triggerEn,
    widget: widgetEn,
    locale: "en-US",
  },
} as const;

/** Puts values into a catalogue's text: `{{name}}` in the panel, `{name}` in the widget. */
export function say(text: string, values: Record<string, string | number>): string {
  return text.replaceAll(/\{\{?(\w+)\}?\}/g, (whole, name: string) => String(values[name] ?? whole));
}

/** A pattern that matches a catalogue's text with anything in the place of its values. */
export function pattern(text: string): RegExp {
  const escaped = text.replaceAll(/[.*+?^$()|[\]\\]/g, "\\$&").replaceAll(/\{\{?\w+\}?\}/g, ".+");
  return new RegExp(`^${escaped}$`);
}
