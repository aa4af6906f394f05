import { Problem } from "@aceno/contract";
import { Alert, Button, Select, TextInput } from "@mantine/core";
import { useForm } from "@mantine/form";
import { useMutation } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { api } from "@/app/api.ts";
import { useServices } from "@/app/services.tsx";
import { explain } from "@/shared/explain.ts";
import { notify } from "@/shared/notify.ts";
import classes from "./blocks.module.css";

const hour = 3_600_000;
/** How long a block lasts; 0 never ends, null until a day that is chosen. */
const spans = { hour, day: 24 * hour, week: 7 * 24 * hour, month: 30 * 24 * hour, never: 0, date: null } as const;
type Span = keyof typeof spans;

/** The server refuses longer ones. */
const longestReason = 200;
const longestAddress = 64;

/** When a block of this span ends, in milliseconds UTC; undefined never. `date` is a local time as the browser's field gives it. */
export function endOf(span: Span, date: string, now: number): number | undefined {
  const length = spans[span];
  if (length === null) return new Date(date).getTime();
  return length === 0 ? undefined : now + length;
}

/**
 * What to block for a visitor's address. That of somebody who has not agreed to be known is cut to its network, where no
 * machine has the address: the network is blocked.
 */
export function blockable(address: string): string {
  if (/^\d+\.\d+\.\d+\.0$/.test(address)) return `${address}/24`;
  return address.includes(":") && address.endsWith("::") ? `${address}/48` : address;
}

/** Blocks an address or a range; `address` is what to begin with. */
export function BlockForm({ address = "", onAdded }: { address?: string; onAdded: () => void }) {
  const { t } = useTranslation("admin");
  const { t: common } = useTranslation();
  const { live } = useServices();
  const form = useForm({
    initialValues: { address: blockable(address), reason: "", span: "week" as Span, expires_at: "" },
    validate: {
      address: (value) => (value.trim() === "" ? common("common.required") : null),
      expires_at: (value, { span }) => (span === "date" && value === "" ? common("common.required") : null),
    },
  });
  const add = useMutation({
    mutationFn: ({ address, reason, span, expires_at }: typeof form.values) =>
      api.blocks.create({
        address: address.trim(),
        reason: reason.trim(),
        expires_at: endOf(span, expires_at, Date.now() + live.getView().clockOffset),
      }),
    onSuccess: ({ address }) => {
      form.reset();
      void notify({ id: "saved", message: t("blocks.added", { address }) });
      onAdded();
    },
    onError: (error) => {
      if (!(error instanceof Problem)) return;
      for (const { field, detail } of error.fields) if (field in form.values) form.setFieldError(field, detail);
    },
  });
  const unplaced = add.isError && !(add.error instanceof Problem && add.error.fields.length > 0);
  return (
    <form className={classes.form} onSubmit={form.onSubmit((values) => add.mutate(values))} noValidate>
      {unplaced && (
        <Alert color="red" p="xs" role="alert" className={classes.fault}>
          {explain(add.error, common)}
        </Alert>
      )}
      <TextInput
        label={t("blocks.address")}
        placeholder="203.0.113.7 · 203.0.113.0/24"
        maxLength={longestAddress}
        spellCheck={false}
        {...form.getInputProps("address")}
      />
      <TextInput label={t("blocks.reason")} maxLength={longestReason} {...form.getInputProps("reason")} />
      <Select
        label={t("blocks.duration")}
        allowDeselect={false}
        data={(Object.keys(spans) as Span[]).map((value) => ({ value, label: t(`blocks.spans.${value}`) }))}
        {...form.getInputProps("span")}
      />
      {form.values.span === "date" && (
        <TextInput type="datetime-local" label={t("blocks.ends")} {...form.getInputProps("expires_at")} />
      )}
      <Button type="submit" loading={add.isPending} className={classes.submit}>
        {t("blocks.block")}
      </Button>
      <p className={classes.hint}>{t(blockable(address) === address ? "blocks.address_hint" : "blocks.cut_hint")}</p>
    </form>
  );
}
