import { NumberInput, type NumberInputProps } from "@mantine/core";

/** A whole number with its unit behind it; an emptied field is 0. */
export function NumberField({ unit, onChange, ...props }: NumberInputProps & { unit: string }) {
  return (
    <NumberInput
      min={0}
      allowDecimal={false}
      allowNegative={false}
      suffix={` ${unit}`}
      {...props}
      onChange={(value) => onChange?.(Number(value) || 0)}
    />
  );
}
