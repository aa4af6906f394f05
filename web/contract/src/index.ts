export { type Api, createApi } from "./api.ts";
export * from "./form.ts";
export { createHttp, type Http, type HttpOptions, newKey, type RequestOptions, type UploadOptions } from "./http.ts";
export * from "./live.ts";
export { NetworkError, Problem, type ProblemBody, type ProblemField, toProblem } from "./problem.ts";
export * from "./types.ts";
export * from "./visitor.ts";
