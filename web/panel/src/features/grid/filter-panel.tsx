import "@/app/i18n/grid/index.ts";
import "@/app/theme/forms.ts";
import type { Device } from "@aceno/contract";
import { MultiSelect, NumberInput, Stack, Switch } from "@mantine/core";
import { useMemo } from "react";
import { useTranslation } from "react-i18next";
import { currentLocale } from "@/app/i18n/index.ts";
import { useAccount } from "@/app/services.tsx";
import { AnchoredPanel } from "@/shared/anchored.tsx";
import { countryCodes } from "@/shared/country-codes.ts";
import { countryName } from "@/shared/format.ts";
import type { Filters } from "./view-state.ts";

const devices: readonly Device[] = ["desktop", "phone", "tablet"];

interface FilterPanelProps {
  filters: Filters;
  onChange: (part: Partial<Filters>) => void;
  onClose: () => void;
}

/** Filters that are not text or state (T044). Lists say "all" by being empty. */
export function FilterPanel({ filters, onChange, onClose }: FilterPanelProps) {
  const { t } = useTranslation();
  const { t: words } = useTranslation("grid");
  const agents = useAccount((state) => state.agents);
  const departments = useAccount((state) => state.departments);
  const sites = useAccount((state) => state.sites);
  const locale = currentLocale();
  const countries = useMemo(
    () =>
      countryCodes
        .map((value) => ({ value, label: countryName(value, locale) }))
        .sort((a, b) => a.label.localeCompare(b.label, locale)),
    [locale],
  );
  const named = (items: Readonly<Record<string, { id: string; name: string; active: boolean }>>) =>
    Object.values(items)
      .filter((item) => item.active)
      .map(({ id, name }) => ({ value: id, label: name }));
  const common = {
    clearable: true,
    searchable: true,
    openOnFocus: false,
    comboboxProps: { withinPortal: false },
  } as const;
  return (
    <AnchoredPanel onClose={onClose} width={300} label={t("grid.filters")}>
      <Stack gap={8}>
        <MultiSelect
          {...common}
          label={words("filter.site")}
          data={named(sites)}
          value={filters.site_ids}
          onChange={(site_ids) => onChange({ site_ids })}
        />
        <MultiSelect
          {...common}
          label={words("filter.department")}
          data={named(departments)}
          value={filters.department_ids}
          onChange={(department_ids) => onChange({ department_ids })}
        />
        <MultiSelect
          {...common}
          limit={60}
          label={words("filter.country")}
          data={countries}
          value={filters.countries}
          onChange={(list) => onChange({ countries: list })}
        />
        <MultiSelect
          {...common}
          label={words("filter.device")}
          data={devices.map((value) => ({ value, label: t(`grid.devices.${value}`) }))}
          value={filters.devices}
          onChange={(list) => onChange({ devices: list as Device[] })}
        />
        <MultiSelect
          {...common}
          label={words("filter.agent")}
          data={named(agents)}
          value={filters.agent_ids}
          onChange={(agent_ids) => onChange({ agent_ids })}
        />
        <NumberInput
          label={words("filter.min_time")}
          min={0}
          max={1440}
          clampBehavior="strict"
          allowDecimal={false}
          value={filters.min_minutes}
          onChange={(value) => onChange({ min_minutes: typeof value === "number" ? value : 0 })}
        />
        <Switch
          label={words("filter.leads")}
          checked={filters.leads}
          onChange={(event) => onChange({ leads: event.currentTarget.checked })}
        />
      </Stack>
    </AnchoredPanel>
  );
}
