import "@/app/i18n/transfer/index.ts";

/** The dialog of the agent in charge serves the supervisor too (T138); its words come along. */
export { TransferDialog as Transfer } from "@/features/transfer/transfer-dialog.tsx";
