import { z } from "zod";
import { routes } from "./routes";
import { host, label, labelOf, objectName, port, text } from "./scalars";
import { clientCertificates, traffic } from "./traffic";

export const protocol = z.enum(["http", "grpc", "tcp", "udp"]);

export const ports = z
  .record(
    labelOf("a port", 15),
    z.union(
      [
        port,
        z.strictObject({
          port: port.meta({ description: "Number of the port." }),
          protocol: protocol.meta({ description: "What is spoken on it. Default: tcp." }).exactOptional(),
        }),
      ],
      {
        error: 'a port, for example 9090 or { port: 9090, protocol: "udp" }',
      },
    ),
  )
  .meta({ description: "Further ports by name.", examples: [{ metrics: 9090 }] });

const exposedPort = z
  .union([port, label], { error: "a port of the workload, by number or name" })
  .meta({ description: "Port of the workload that answers. Default: `port`." })
  .exactOptional();

const cidr = text(/^[0-9a-fA-F.:]+\/\d{1,3}$/, 'a block of addresses, for example "10.20.0.0/16"');

/** An address for HTTP and gRPC. */
const route = z.strictObject({
  host: z
    .union([z.literal("auto"), host], { error: '"auto" or a host name, for example "shop.example.com"' })
    .meta({ description: "`auto` makes `<workload>-<app>.<domain of the stack>`." }),
  path: text(/^\/\S*$/, 'a path, for example "/api"')
    .meta({ description: "Path prefix under which the workload answers." })
    .exactOptional(),
  port: exposedPort,
  routes: routes.exactOptional(),
  traffic: traffic.exactOptional(),
  certificate: objectName
    .meta({
      description: "Secret of the app with a certificate of the host's own. Default: that of the stack's domain.",
    })
    .exactOptional(),
  clientCertificates: clientCertificates.exactOptional(),
});
/** An address for TCP and UDP. */
const layer4 = z.strictObject({
  l4: z.union([z.literal("auto"), port], { error: '"auto" or a port of the stack\'s pool' }).meta({
    description: "Port at the load balancer; `auto` takes the lowest free one of the stack's pool and keeps it.",
  }),
  protocol: z
    .enum(["tcp", "udp"])
    .meta({ description: "What is spoken there. Default: what the port speaks." })
    .exactOptional(),
  port: exposedPort,
  allow: z
    .array(cidr)
    .min(1)
    .meta({ description: "Client addresses that get in, over TCP. Default: all." })
    .exactOptional(),
  connections: z
    .int()
    .min(1)
    .meta({ description: "Most connections at each proxy, over TCP. Default: no limit." })
    .exactOptional(),
});

/** An address for TLS that the workload itself ends. */
const passthrough = z.strictObject({
  tls: z.union([z.literal("auto"), host], { error: '"auto" or a host name, for example "db.example.com"' }).meta({
    description: "Host whose TLS is passed on as it is; `auto` makes `<workload>-<app>.<domain of the stack>`.",
  }),
  port: exposedPort,
});

export const expose = z
  .array(
    z.union([route, layer4, passthrough], { error: 'an address: { host: "auto" }, { l4: "auto" } or { tls: "auto" }' }),
  )
  .meta({
    description: "Addresses under which the workload is reached from outside the cluster. Default: none.",
    examples: [[{ host: "auto" }]],
  });

export const links = z
  .record(
    text(/^[A-Z][A-Z0-9_]*$/, 'the prefix of the variables that the link sets, in capitals, for example "API"'),
    z.union(
      [
        text(/^[a-z0-9-]+(\/[a-z0-9-]+)?$/, 'a workload, "api", or one of another app, "shop/api"'),
        z.strictObject({
          to: text(/^[a-z0-9-]+(\/[a-z0-9-]+)?$/, 'a workload, "api", or one of another app, "shop/api"').meta({
            description: "The workload: `api`, or `shop/api` in another app.",
          }),
          port: label.meta({ description: "Name of one of its further ports. Default: its `port`." }).exactOptional(),
          wait: z
            .boolean()
            .meta({
              description:
                "Whether this workload and its pre-deploy jobs start after the other one is ready, and go before it. Default: true. Somebody in a circle has to write false.",
            })
            .exactOptional(),
        }),
      ],
      { error: 'a workload, for example "api", "shop/api" or { to: "api", wait: false }' },
    ),
  )
  .meta({
    description:
      "Workloads this one calls. A link `API` sets `API_HOST`, `API_PORT` and `API_URL` (and `API_<NAME>` for each connection value of the target), opens exactly this network path, and lets this workload start only when the target is ready, also one of another app.",
    examples: [{ API: "api" }],
  });

export const egress = z
  .array(
    z.union(
      [
        z.literal("internet"),
        z.strictObject({
          cidr: cidr.meta({ description: "Block of addresses, of IPv4 or IPv6.", examples: ["10.20.0.0/16"] }),
          ports: z
            .array(port)
            .min(1)
            .meta({ description: "TCP ports there. Default: every port, of every protocol." })
            .exactOptional(),
        }),
      ],
      { error: '"internet" or { cidr: "10.20.0.0/16", ports: [443] }' },
    ),
  )
  .meta({
    description: "What the workload may reach beside its links. `internet` is every public address. Default: nothing.",
    examples: [["internet"]],
  });

export type Expose = z.output<typeof expose>[number];
export type Links = z.output<typeof links>;
export type Egress = z.output<typeof egress>[number];
export type Protocol = z.output<typeof protocol>;
