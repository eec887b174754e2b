import { z } from "zod";
import { duration, host, label, text } from "./scalars";

const urlPath = text(/^\/\S*$/, 'a path, for example "/api"');
const header = text(/^[A-Za-z0-9!#$%&'*+\-.^_`|~]+$/, 'the name of a header, for example "x-version"');
/** Its syntax is RE2's, which is checked when the app is resolved. */
const regex = z.strictObject({
  regex: z
    .string()
    .min(1)
    .max(1024)
    .meta({ description: "Regular expression (RE2) that fits all of it.", examples: ["v[0-9]+"] }),
});
const value = z.union([z.string().min(1).max(4096), regex], { error: 'text, or { regex: "v[0-9]+" }' });
const httpStatus = z.int().min(200).max(599);

export const path = z
  .union(
    [urlPath, z.strictObject({ exact: urlPath.meta({ description: "This path and nothing below it." }) }), regex],
    {
      error: 'a path and what is below it, "/api", one path, { exact: "/api" }, or { regex: "/v[0-9]+/.*" }',
    },
  )
  .meta({ description: "The path and everything below it, exactly one path, or a regular expression for all of it." });

export const headers = z
  .strictObject({
    set: z.record(header, z.string()).meta({ description: "Headers that get this value." }).exactOptional(),
    add: z
      .record(header, z.string())
      .meta({ description: "Headers that get this value beside those they have." })
      .exactOptional(),
    remove: z.array(header).meta({ description: "Headers that are taken out." }).exactOptional(),
  })
  .meta({ description: "Changes to headers." });

const redirect = z
  .strictObject({
    scheme: z.enum(["http", "https"]).meta({ description: "Default: that of the request." }).exactOptional(),
    host: host.meta({ description: "Host to go to. Default: that of the request." }).exactOptional(),
    path: urlPath.meta({ description: "Takes the place of the whole path." }).exactOptional(),
    prefix: urlPath.meta({ description: "Takes the place of the path that the rule fits." }).exactOptional(),
    status: z.literal([301, 302, 303, 307, 308]).meta({ description: "Default: 302." }).exactOptional(),
  })
  .meta({ description: "Sends the client elsewhere." });

const rewrite = z
  .strictObject({
    host: host
      .meta({ description: "Host that the workload is asked for. Default: that of the request." })
      .exactOptional(),
    path: urlPath.meta({ description: "Takes the place of the whole path." }).exactOptional(),
    prefix: urlPath.meta({ description: "Takes the place of the path that the rule fits." }).exactOptional(),
    regex: z.string().min(1).max(1024).meta({ description: "Parts of the path that `with` replaces." }).exactOptional(),
    with: z.string().meta({ description: "Replacement of `regex`; `\\1` is its first group." }).exactOptional(),
  })
  .meta({ description: "Changes what the workload sees." });

const answer = z
  .strictObject({
    status: httpStatus.meta({ description: "HTTP status.", examples: [404] }),
    body: z.string().max(4096).meta({ description: "Body, at most 4096 characters. Default: none." }).exactOptional(),
    type: z.string().min(1).meta({ description: "Content type. Default: text/plain." }).exactOptional(),
  })
  .meta({ description: "Answers at once; no workload is asked." });

const rule = z.strictObject({
  path: path.exactOptional(),
  method: z
    .enum(["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"])
    .meta({ description: "Default: every method." })
    .exactOptional(),
  headers: z.record(header, value).meta({ description: "Headers that a request must have." }).exactOptional(),
  query: z
    .record(z.string().min(1), value)
    .meta({ description: "Parameters of the query that a request must have." })
    .exactOptional(),
  to: z
    .union([label, z.record(label, z.int().min(0).max(1_000_000))], {
      error: 'a workload of the app, "api", or several with their weights, { api: 90, "api-next": 10 }',
    })
    .meta({ description: "Workloads of this app that answer, by weight. Default: the workload itself." })
    .exactOptional(),
  redirect: redirect.exactOptional(),
  rewrite: rewrite.exactOptional(),
  answer: answer.exactOptional(),
  request: headers.exactOptional(),
  response: headers.exactOptional(),
  timeout: duration
    .meta({ description: "Longest time until the answer is complete. Default: that of `traffic`." })
    .exactOptional(),
});

export const routes = z
  .array(rule)
  .min(1)
  .max(16)
  .meta({
    description:
      "What becomes of requests; of several rules that fit, the more specific one counts. Default: everything below `path` goes to the workload.",
    examples: [[{ path: "/v2", to: { api: 90, "api-next": 10 } }]],
  });

export type RouteRule = z.output<typeof rule>;
export type RoutePath = z.output<typeof path>;
export type HeaderChanges = z.output<typeof headers>;
