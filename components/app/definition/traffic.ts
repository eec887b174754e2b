import { z } from "zod";
import { headers } from "./routes";
import { duration, objectName, percent, size, text } from "./scalars";

const count = z.int().min(1).max(4_294_967_295);
const cidr = text(/^[0-9a-fA-F.:]+\/\d{1,3}$/, 'a block of addresses, for example "203.0.113.0/24"');
const status = z.int().min(200).max(599);
const header = text(/^[A-Za-z0-9!#$%&'*+\-.^_`|~]+$/, 'the name of a header, for example "x-user"');
const origin = text(
  /^(\*|https?:\/\/(\*|(\*\.)?[A-Za-z0-9.-]+)(:\d{1,5})?)$/,
  'an origin, for example "https://shop.example.com" or "https://*.example.com"',
);
const method = z.enum(["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"]);

const retries = z.strictObject({
  attempts: z.int().min(1).max(10).meta({ description: "Tries after the first one." }),
  on: z
    .array(status)
    .meta({ description: "Statuses that are tried again, beside connections that fail. Default: 502, 503, 504." })
    .exactOptional(),
  timeout: duration.meta({ description: "Longest time of each try." }).exactOptional(),
});

const limit = z.strictObject({
  requests: count.meta({ description: "Requests that each proxy lets through in that time; more get 429." }),
  per: z.enum(["second", "minute", "hour"]).meta({ description: "The time in which requests are counted." }),
  by: z
    .literal("client")
    .meta({ description: "Gives each client address a budget of its own. Default: one for all together." })
    .exactOptional(),
});

const circuitBreaker = z.strictObject({
  connections: count.meta({ description: "Most connections to the workload. Default: 1024." }).exactOptional(),
  pending: z
    .int()
    .min(0)
    .meta({ description: "Most requests that wait for a connection. Default: 1024." })
    .exactOptional(),
  requests: count.meta({ description: "Most requests under way; more get 503. Default: 1024." }).exactOptional(),
  errors: count
    .meta({ description: "Server errors in a row after which a replica gets no requests for 30 s. Default: no limit." })
    .exactOptional(),
});

const cors = z.strictObject({
  origins: z.array(origin).min(1).meta({ description: "Pages that may call: origins, or * for every one." }),
  methods: z.array(method).meta({ description: "Default: GET, HEAD and POST." }).exactOptional(),
  headers: z.array(header).meta({ description: "Headers that pages may send." }).exactOptional(),
  expose: z.array(header).meta({ description: "Headers of answers that pages may read." }).exactOptional(),
  credentials: z.boolean().meta({ description: "Whether cookies come along. Default: false." }).exactOptional(),
  maxAge: duration.meta({ description: "How long browsers remember it. Default: 5s." }).exactOptional(),
});

const jwt = z.strictObject({
  issuer: z.string().min(1).meta({ description: "Who must have signed the token (`iss`)." }),
  audiences: z
    .array(z.string().min(1))
    .meta({ description: "Whom it must be meant for (`aud`). Default: anyone." })
    .exactOptional(),
  jwks: z
    .union(
      [
        z.url({ protocol: /^https$/, error: 'an https address, for example "https://id.example.com/keys"' }),
        z.strictObject({ inline: z.string().min(2).meta({ description: "The key set (JWKS), as JSON." }) }),
      ],
      {
        error: 'where the public keys are, "https://id.example.com/keys", or { inline: "{…}" }',
      },
    )
    .meta({ description: "The issuer's public keys: an address, or the key set itself." }),
  claims: z
    .record(z.string().min(1), z.array(z.string().min(1)).min(1))
    .meta({ description: "Claims that the token must have with one of these values; others get 403." })
    .exactOptional(),
  forward: z
    .record(z.string().min(1), header)
    .meta({ description: "Claims that the workload gets as headers." })
    .exactOptional(),
});

const hit = percent.meta({ description: "Share of the requests that it happens to. Default: 100%." }).exactOptional();
const fault = z.strictObject({
  delay: z
    .strictObject({ time: duration.meta({ description: "How long a request is held back." }), percent: hit })
    .meta({ description: "Holds requests back." })
    .exactOptional(),
  abort: z
    .strictObject({ status: status.meta({ description: "HTTP status that the client gets." }), percent: hit })
    .meta({ description: "Answers requests without asking the workload." })
    .exactOptional(),
});

const maintenance = z.union(
  [
    z.boolean(),
    z.strictObject({
      page: z.string().min(1).max(4096).meta({ description: "The page, as HTML." }).exactOptional(),
      retryAfter: duration.meta({ description: "When clients may try again." }).exactOptional(),
    }),
  ],
  { error: 'true, or { page: "<h1>Back soon</h1>" }' },
);

/** How requests to an address are treated. */
export const traffic = z
  .strictObject({
    timeout: duration
      .meta({
        description:
          "Longest time until an answer is complete; then the client gets 504. Default: 15s; of gRPC none, for streams last.",
      })
      .exactOptional(),
    retries: retries.meta({ description: "Tries again what failed before the client sees it." }).exactOptional(),
    limit: limit.meta({ description: "Most requests in a time." }).exactOptional(),
    circuitBreaker: circuitBreaker
      .meta({ description: "Keeps a workload that is overwhelmed from getting more." })
      .exactOptional(),
    allow: z
      .array(cidr)
      .min(1)
      .meta({ description: "Client addresses that get in; others get 403. Default: all." })
      .exactOptional(),
    deny: z.array(cidr).min(1).meta({ description: "Client addresses that get 403. Default: none." }).exactOptional(),
    cors: cors.meta({ description: "Pages of other origins that may call." }).exactOptional(),
    jwt: jwt.meta({ description: "Lets in only requests with a valid token; others get 401." }).exactOptional(),
    compression: z.boolean().meta({ description: "Whether answers are compressed. Default: false." }).exactOptional(),
    bodySize: size
      .meta({
        description: "Largest body of a request; larger ones get 413. Each is held in memory until it is whole.",
      })
      .exactOptional(),
    sticky: z
      .union(
        [
          z.boolean(),
          z.strictObject({
            cookie: header.meta({ description: "Name of the cookie. `true` takes `petrichor-replica`." }),
            age: duration
              .meta({ description: "How long the cookie lasts. Default: as long as the browser runs." })
              .exactOptional(),
          }),
        ],
        {
          error: 'true, or { cookie: "session", age: "1h" }',
        },
      )
      .meta({ description: "Leads a client to the same replica as long as it is there, by a cookie." })
      .exactOptional(),
    request: headers.meta({ description: "Changes to the headers of requests." }).exactOptional(),
    response: headers.meta({ description: "Changes to the headers of answers." }).exactOptional(),
    securityHeaders: z
      .boolean()
      .meta({
        description: "Whether answers tell browsers to be strict: HTTPS only, no framing, no guessing of types.",
      })
      .exactOptional(),
    fault: fault.meta({ description: "Delays or fails a share of requests, for tests." }).exactOptional(),
    maintenance: maintenance
      .meta({ description: "Answers everything with a page and 503; the workload is asked nothing." })
      .exactOptional(),
  })
  .meta({
    description: "How requests are treated. Default: as the gateway treats all.",
    examples: [{ timeout: "2s", retries: { attempts: 2 } }],
  });

/** The certificate that clients must have. */
export const clientCertificates = z
  .strictObject({
    authority: objectName.meta({
      description: "Secret or ConfigMap of the app with the authority that signs them, under `ca.crt`.",
    }),
    optional: z
      .boolean()
      .meta({ description: "Whether clients without one get in too. Default: false." })
      .exactOptional(),
  })
  .meta({ description: "Lets in only clients with a certificate of this authority." });

export type Traffic = z.output<typeof traffic>;
export type ClientCertificates = z.output<typeof clientCertificates>;
