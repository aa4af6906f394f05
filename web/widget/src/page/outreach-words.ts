import type { Language } from "../bridge";

interface Words {
  close: string;
  /** On the button of an invite and of a promotion that bring no word of their own. */
  chat: string;
  see: string;
  /** Names the card to a screen reader; an agent's name may follow. */
  invite: string;
  promotion: string;
}

export const words: Record<Language, Words> = {
  pt: { close: "Fechar", chat: "Conversar", see: "Ver", invite: "Convite para conversar", promotion: "Promoção" },
  en: { close: "Close", chat: "Chat", see: "See", invite: "Invitation to chat", promotion: "Offer" },
  es: { close: "Cerrar", chat: "Conversar", see: "Ver", invite: "Invitación a conversar", promotion: "Promoción" },
};
