/** The body of a refusal: RFC 9457 with our code, fields and request id. */
export interface ProblemBody {
  type: string;
  title: string;
  status: number;
  /** From the closed list of the API document. */
  code: string;
  /** Written in the caller's language. */
  detail: string;
  fields?: ProblemField[] | null;
  request_id?: string;
}

export interface ProblemField {
  field: string;
  code: string;
  detail: string;
  limit?: unknown;
}

/** The server refused a request and said why. Branch on `code`, show `detail`. */
export class Problem extends Error {
  readonly code: string;
  readonly status: number;
  readonly detail: string;
  readonly fields: ProblemField[];
  readonly requestId: string | null;

  constructor(body: ProblemBody) {
    super(`${body.code}: ${body.detail}`);
    this.name = "Problem";
    this.code = body.code;
    this.status = body.status;
    this.detail = body.detail;
    this.fields = body.fields ?? [];
    this.requestId = body.request_id ?? null;
  }

  /** The same command may succeed later without any change: overload, restart, rate limit. */
  get transient(): boolean {
    return this.status === 429 || this.status === 502 || this.status === 503 || this.status === 504;
  }

  field(name: string): ProblemField | undefined {
    return this.fields.find((field) => field.field === name);
  }
}

/** No answer arrived: the command may or may not have been carried out. Repeat it with the same key. */
export class NetworkError extends Error {
  constructor(cause?: unknown) {
    super("network", { cause });
    this.name = "NetworkError";
  }
}

/** Reads a refusal's body; an answer that is not a problem (a proxy's page) becomes one with code `unexpected`. */
export function toProblem(status: number, body: unknown, requestId: string | null): Problem {
  if (isProblemBody(body)) {
    return new Problem({ ...body, status, request_id: body.request_id ?? requestId ?? undefined });
  }
  return new Problem({
    type: "about:blank",
    title: "",
    status,
    code: "unexpected",
    detail: `HTTP ${status}`,
    request_id: requestId ?? undefined,
  });
}

function isProblemBody(body: unknown): body is ProblemBody {
  return (
    typeof body === "object" &&
    body !== null &&
    "code" in body &&
    typeof body.code === "string" &&
    "detail" in body &&
    typeof body.detail === "string"
  );
}
