import { NetworkError, toProblem } from "./problem.ts";

export interface HttpOptions {
  /** Prefix of every path; empty for the same origin. */
  base?: string;
  /** The language refusals are written in: that of the interface. */
  language: () => string;
  fetch?: typeof fetch;
  /** Called on every 401, before the error is thrown. */
  onUnauthenticated?: () => void;
}

export interface RequestOptions {
  query?: Record<string, string | number | boolean | null | undefined>;
  body?: unknown;
  idempotencyKey?: string;
  signal?: AbortSignal;
}

export interface UploadOptions {
  signal?: AbortSignal;
  /** Share sent, from 0 to 1. */
  onProgress?: (share: number) => void;
}

/** Sends one request. Throws `Problem` when refused, `NetworkError` when nobody answered, `AbortError` when aborted. */
export type Http = ReturnType<typeof createHttp>;

export function createHttp(options: HttpOptions) {
  const base = options.base ?? "";
  const send = options.fetch ?? ((input: RequestInfo | URL, init?: RequestInit) => fetch(input, init));

  async function request<T>(method: string, path: string, request: RequestOptions = {}): Promise<T> {
    const headers: Record<string, string> = { Accept: "application/json", "Accept-Language": options.language() };
    if (request.body !== undefined) headers["Content-Type"] = "application/json";
    if (request.idempotencyKey) headers["Idempotency-Key"] = request.idempotencyKey;
    const [response, text] = await exchange(path, method, headers, request, (answer) => answer.text());
    return read<T>(response.status, response.ok, text, response.headers.get("X-Request-Id"));
  }

  async function exchange<B>(
    path: string,
    method: string,
    headers: Record<string, string>,
    request: RequestOptions,
    body: (response: Response) => Promise<B>,
  ): Promise<[Response, B]> {
    try {
      const response = await send(base + path + queryString(request.query), {
        method,
        headers,
        credentials: "same-origin",
        body: request.body === undefined ? undefined : JSON.stringify(request.body),
        signal: request.signal,
      });
      return [response, await body(response)];
    } catch (cause) {
      if (request.signal?.aborted) throw cause;
      throw new NetworkError(cause);
    }
  }

  /** Asks for a file: its bytes as they are. */
  async function download(path: string, body: unknown): Promise<Blob> {
    const headers = { "Accept-Language": options.language(), "Content-Type": "application/json" };
    const [response, file] = await exchange(path, "POST", headers, { body }, (answer) => answer.blob());
    if (!response.ok) read(response.status, false, await file.text(), response.headers.get("X-Request-Id"));
    return file;
  }

  /** Sends a form with upload progress, which `fetch` cannot report. */
  function upload<T>(path: string, form: FormData, upload: UploadOptions = {}): Promise<T> {
    return new Promise((resolve, reject) => {
      const xhr = new XMLHttpRequest();
      xhr.open("POST", base + path);
      xhr.setRequestHeader("Accept", "application/json");
      xhr.setRequestHeader("Accept-Language", options.language());
      xhr.upload.onprogress = (event) => {
        if (event.lengthComputable) upload.onProgress?.(event.loaded / event.total);
      };
      xhr.onload = () => {
        try {
          const ok = xhr.status >= 200 && xhr.status < 300;
          resolve(read<T>(xhr.status, ok, xhr.responseText, xhr.getResponseHeader("X-Request-Id")));
        } catch (error) {
          reject(error);
        }
      };
      xhr.onerror = () => reject(new NetworkError());
      xhr.onabort = () => reject(new DOMException("aborted", "AbortError"));
      upload.signal?.addEventListener("abort", () => xhr.abort(), { once: true });
      xhr.send(form);
    });
  }

  function read<T>(status: number, ok: boolean, text: string, requestId: string | null): T {
    if (ok) return (text === "" ? undefined : JSON.parse(text)) as T;
    if (status === 401) options.onUnauthenticated?.();
    throw toProblem(status, parse(text), requestId);
  }

  return { request, upload, download };
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

function queryString(query: RequestOptions["query"]): string {
  const params = new URLSearchParams();
  for (const [name, value] of Object.entries(query ?? {})) {
    if (value !== null && value !== undefined) params.set(name, String(value));
  }
  const text = params.toString();
  return text === "" ? "" : `?${text}`;
}

/**
 * A fresh random identifier (UUID version 4) for idempotency keys and client ids.
 * `crypto.randomUUID` exists only in secure contexts; an installation on a plain local address must work too.
 */
export function newKey(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x40;
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80;
  const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}
