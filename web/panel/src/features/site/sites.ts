import type { Site } from "@aceno/contract";
import { useQuery } from "@tanstack/react-query";
import { useMemo } from "react";
import { api } from "@/app/api.ts";
import { currentLocale } from "@/app/i18n/index.ts";

/** Sites in the order people look for them. */
export function byName(sites: Readonly<Record<string, Site>>): Site[] {
  return Object.values(sites).sort((a, b) => a.name.localeCompare(b.name, currentLocale()));
}

/**
 * The install codes by site. What arrives live knows no address when none is configured; the answer to a request is written
 * for the one it came to.
 */
export function useSiteCodes(): ReadonlyMap<string, string> {
  const { data } = useQuery({ queryKey: ["sites"], queryFn: ({ signal }) => api.sites.list(signal) });
  return useMemo(() => new Map(data?.sites.map(({ id, install_code }) => [id, install_code])), [data]);
}

/** The first allowed domain that is one address, to open it; null when there are only patterns. */
export function openable(site: Site): string | null {
  return site.allowed_domains.find((domain) => !domain.includes("*")) ?? null;
}

/** Where a domain is opened: a machine of one's own seldom speaks TLS. */
export function addressOf(domain: string): string {
  const host = domain.replace(/:\d+$/, "");
  const local = host === "localhost" || host === "127.0.0.1" || host === "[::1]";
  return `${local ? "http" : "https"}://${domain}/`;
}
