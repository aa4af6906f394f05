import { type Api, type ContactRequest, Refusal, Unreachable } from "../src/chat/api";
import type { VisitorConversation, VisitorMessage, VisitorSite } from "../src/protocol";
import { conversation, message, site } from "./fakes";

/** A refusal of the server's that no repetition changes. */
export const refusal = (status: number, code: string, fields: { field: string; code: string; detail: string }[] = []) =>
  new Refusal({ status, code, detail: `detalhe ${code}`, fields }, 0);

/** A server that keeps one conversation; `down` makes it unreachable. */
export function fakeServer() {
  const server = {
    site: structuredClone(site) as VisitorSite,
    conversation: null as VisitorConversation | null,
    messages: [] as VisitorMessage[],
    pageSize: 100,
    down: false,
    /** The site's server has signed for the visitor's address. */
    proven: false,
    refuse: null as Refusal | null,
    calls: [] as string[],
    left: [] as (ContactRequest & { client_id: string })[],
    add(more: Partial<VisitorMessage> = {}): VisitorMessage {
      const added = message(server.messages.length + 1, more);
      server.messages.push(added);
      if (server.conversation) server.conversation = { ...server.conversation, last_sequence: added.sequence };
      return added;
    },
  };
  async function answer<T>(call: string, make: () => T): Promise<T> {
    server.calls.push(call);
    await Promise.resolve();
    if (server.down) throw new Unreachable("down");
    if (server.refuse) throw server.refuse;
    return make();
  }
  const current = (): VisitorConversation => {
    if (!server.conversation) throw refusal(404, "not_found");
    return server.conversation;
  };
  const api: Api = {
    site: () =>
      answer("site", () => ({
        ...server.site,
        conversation:
          server.conversation?.state === "waiting" || server.conversation?.state === "active"
            ? server.conversation
            : null,
      })),
    open: (opening) =>
      answer(`open ${opening.client_id}`, () => {
        server.conversation = conversation({ state: "waiting", position: 2, agent: null });
        if (opening.text) server.add({ author: { kind: "visitor", name: opening.name }, text: opening.text });
        return server.conversation;
      }),
    after: (id, sequence) =>
      answer(`after ${sequence}`, () => {
        if (current().id !== id) throw refusal(404, "not_found");
        const rest = server.messages.slice(sequence);
        return {
          conversation: current(),
          messages: rest.slice(0, server.pageSize),
          more: rest.length > server.pageSize,
        };
      }),
    post: (_, client_id, text) =>
      answer(
        `post ${text}`,
        () =>
          server.messages.find((known) => known.client_id === client_id) ??
          server.add({ client_id, text, author: { kind: "visitor", name: "Maria" } }),
      ),
    postFile: (_, client_id, file) =>
      answer(`file ${file.name}`, () =>
        server.add({ client_id, kind: "file", author: { kind: "visitor", name: "Maria" } }),
      ),
    end: () =>
      answer("end", () => {
        server.conversation = { ...current(), state: "ended", ended_by: "visitor" };
        return server.conversation;
      }),
    leave: (client_id, contact) =>
      answer(`leave ${contact.message}`, () => server.left.push({ client_id, ...contact })),
    rate: (_, rating, comment) =>
      answer(`rate ${rating} ${comment}`, () => {
        server.conversation = { ...current(), rating };
        return server.conversation;
      }),
    react: (_, sequence, emoji) =>
      answer(`react ${sequence} ${emoji}`, () => {
        const held = server.messages[sequence - 1];
        if (!held) throw refusal(404, "not_found");
        const changed: VisitorMessage = {
          ...held,
          revision: (held.revision ?? 0) + 1,
          reactions: emoji ? [{ emoji, by: "visitor" }] : [],
        };
        server.messages[sequence - 1] = changed;
        return changed;
      }),
    transcript: () => answer("transcript", () => ({ email: "maria@example.com", code_sent: !server.proven })),
    confirmTranscript: (_, code) =>
      answer(`confirm ${code}`, () => {
        if (code !== "042042")
          throw refusal(422, "validation", [{ field: "code", code: "invalid", detail: "Código inválido." }]);
        return { email: "maria@example.com", code_sent: false };
      }),
  };
  return { server, api };
}
