/** People who walk through an invented shop. */
import type { GridRow, GridView, PageView, VisitState } from "@aceno/contract";

const pages: [string, string][] = [
  ["Início", "/"],
  ["Inverno", "/c/inverno"],
  ["Jaqueta corta-vento", "/p/jaqueta"],
  ["Tênis trilha 5", "/p/tenis-trilha-5"],
  ["Mochila 30 L", "/p/mochila-30"],
  ["Trocas e devoluções", "/ajuda/trocas"],
  ["Guia de tamanhos", "/guia"],
  ["Carrinho", "/carrinho"],
  ["Pagamento", "/checkout"],
];
const places: [string, string, string, string][] = [
  ["BR", "SP", "São Paulo", "America/Sao_Paulo"],
  ["BR", "PR", "Curitiba", "America/Sao_Paulo"],
  ["BR", "PE", "Recife", "America/Recife"],
  ["BR", "MG", "Belo Horizonte", "America/Sao_Paulo"],
  ["PT", "", "Lisboa", "Europe/Lisbon"],
  ["AR", "Santa Fe", "Rosario", "America/Argentina/Cordoba"],
  ["US", "", "", "America/New_York"],
];
const names = ["João Pereira", "Maria Souza", "Carlos Lima", "Beatriz Ramos", "Ana Clara Dias", "Rafael Costa"];
const origins: [GridRow["referrer_kind"], string, string][] = [
  ["search", "Google", ""],
  ["direct", "", ""],
  ["social", "Instagram", ""],
  ["campaign", "Google", "inverno"],
  ["site", "blog.exemplo.com", ""],
];

export const pick = <T>(list: readonly T[]): T => list[Math.floor(Math.random() * list.length)] as T;

export interface FakeVisitor extends GridRow {
  trail: PageView[];
}

let number = 4700;

export function aVisitor(age: number): FakeVisitor {
  const n = ++number;
  const now = Date.now();
  const [country, region, city, time_zone] = pick(places);
  const [referrer_kind, referrer_name, utm_campaign] = pick(origins);
  const [page_title, path] = pick(pages);
  const device = pick(["desktop", "phone", "desktop", "tablet"] as const);
  const started_at = now - age;
  const known = Math.random() < 0.2;
  const name = known ? pick(names) : "";
  const page_url = `https://loja.exemplo.com.br${path}`;
  return {
    n,
    id: `visit-${n}`,
    visitor_id: `visitor-${n}`,
    state: "browsing",
    name,
    email: known ? `${name.split(" ")[0]?.toLowerCase()}@exemplo.com.br` : "",
    ip: `177.92.${n % 250}.${(n * 7) % 250}`,
    country,
    region,
    city,
    page_url,
    page_title,
    entry_url: "https://loja.exemplo.com.br/",
    entry_title: "Início",
    referrer: referrer_name ? `https://www.${referrer_name.toLowerCase()}.com/` : "",
    referrer_kind,
    referrer_name,
    utm_source: utm_campaign && "google",
    utm_medium: utm_campaign && "cpc",
    utm_campaign,
    started_at,
    page_at: now - Math.random() * Math.min(age, 120_000),
    activity_at: now - Math.random() * 60_000,
    pages: 1 + Math.floor(Math.random() * 12),
    visits: 1 + Math.floor(Math.random() * Math.random() * 9),
    conversations: Math.random() < 0.1 ? 1 : 0,
    browser: pick(["Chrome 156", "Firefox 151", "Safari 19", "Edge 156"]),
    system: device === "desktop" ? pick(["Windows", "Linux", "macOS"]) : pick(["Android", "iOS"]),
    device,
    language: pick(["pt-BR", "pt-BR", "es-AR", "en-US"]),
    time_zone,
    screen: device === "desktop" ? "1366x768" : "390x844",
    site_id: "site",
    department_id: null,
    agent_id: null,
    conversation_id: null,
    waiting_since: null,
    outreach: null,
    outreach_state: null,
    outreach_count: 0,
    invited_by: null,
    invited_at: null,
    trigger_id: null,
    lead_at: null,
    lead_source: "",
    verified_id: null,
    identified: known,
    hidden: false,
    fields: known ? { plano: pick(["ouro", "prata"]) } : {},
    trail: [{ url: page_url, title: page_title, at: started_at, left_at: null }],
  };
}

/** Goes to another page. */
export function walk(visitor: FakeVisitor): void {
  const [title, path] = pick(pages);
  const now = Date.now();
  const url = `https://loja.exemplo.com.br${path}`;
  const last = visitor.trail[0];
  if (last) last.left_at = now;
  visitor.trail = [{ url, title, at: now, left_at: null }, ...visitor.trail].slice(0, 50);
  Object.assign(visitor, {
    page_url: url,
    page_title: title,
    page_at: now,
    activity_at: now,
    pages: visitor.pages + 1,
  });
}

const rank: Record<VisitState, number> = { waiting: 0, active: 1, browsing: 2, idle: 3, ended: 4, blocked: 5, left: 6 };

/** The rows of a view, filtered and in order. */
export function rowsOf(visitors: readonly FakeVisitor[], view: GridView): FakeVisitor[] {
  const words = view.text.toLowerCase();
  const has = (list: readonly string[], value: string | null) => list.length === 0 || list.includes(value ?? "");
  const now = Date.now();
  const rows = visitors.filter(
    (row) =>
      has(view.states, row.state) &&
      has(view.countries, row.country) &&
      has(view.devices, row.device) &&
      has(view.site_ids, row.site_id) &&
      has(view.department_ids, row.department_id) &&
      has(view.agent_ids, row.agent_id) &&
      now - row.started_at >= view.min_seconds_on_site * 1000 &&
      `${row.name} ${row.email} ${row.page_title} ${row.page_url} ${row.ip} ${row.city} ${row.n}`
        .toLowerCase()
        .includes(words),
  );
  const value = (row: FakeVisitor, by: keyof FakeVisitor) => (by === "state" ? rank[row.state] : row[by]);
  return rows.sort((a, b) => {
    for (const { by, dir } of view.sort) {
      const [x, y] = [value(a, by), value(b, by)];
      if (x === y) continue;
      if (x === null || x === "") return 1;
      if (y === null || y === "") return -1;
      const order = typeof x === "number" && typeof y === "number" ? x - y : String(x).localeCompare(String(y));
      return dir === "asc" ? order : -order;
    }
    return a.n - b.n;
  });
}

/** A row as the grid sends it: without the trail. */
export function toRow({ trail: _trail, ...row }: FakeVisitor): GridRow {
  return row;
}
