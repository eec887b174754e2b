import { z } from "zod";
import { environment, files } from "./environment";
import { image } from "./image";
import { cpu, seconds, port, size, text } from "./scalars";

const command = z.array(z.string(), { error: 'a list of words, for example ["/app", "serve"]' });

export const resources = z
  .strictObject({
    cpu: cpu.meta({ description: "Processor time set aside for each replica." }).exactOptional(),
    memory: size.meta({ description: "Memory set aside for each replica." }).exactOptional(),
    cpuLimit: cpu.meta({ description: "Most processor time a replica may use. Default: no limit." }).exactOptional(),
    memoryLimit: size
      .meta({ description: "Most memory a replica may use before it is restarted. Default: `memory`." })
      .exactOptional(),
  })
  .meta({ description: "What each replica needs.", examples: [{ cpu: "250m", memory: "256Mi" }] });

const timing = {
  period: seconds.meta({ description: "Time between two checks." }).exactOptional(),
  timeout: seconds.meta({ description: "Time after which a check has failed." }).exactOptional(),
  failures: z.int().min(1).max(1000).meta({ description: "Failed checks in a row that count." }).exactOptional(),
  delay: seconds.meta({ description: "Time to wait before the first check." }).exactOptional(),
};
const probePort = port.meta({ description: "Port to check. Default: the workload's `port`." }).exactOptional();
const path = text(/^\/\S*$/, 'a path, for example "/healthz"');

const probe = z.union(
  [
    z.strictObject({ http: path.meta({ description: "Path that answers 200 to 399." }), port: probePort, ...timing }),
    z.strictObject({
      tcp: z.literal(true).meta({ description: "Whether the port accepts connections." }),
      port: probePort,
      ...timing,
    }),
    z.strictObject({
      grpc: z
        .union([z.literal(true), z.string().min(1)], { error: "true or the name of a gRPC service" })
        .meta({ description: "Whether the server answers gRPC health checks, or this one of its services does." }),
      port: probePort,
      ...timing,
    }),
    z.strictObject({
      exec: command.min(1).meta({ description: "Command in the container that ends with 0." }),
      ...timing,
    }),
    z.literal(false),
  ],
  { error: 'a check: { http: "/path" }, { tcp: true }, { grpc: true }, { exec: […] }, or false for none' },
);

export const probes = z
  .strictObject({
    startup: probe.meta({ description: "Must succeed once before the other checks begin." }).exactOptional(),
    readiness: probe.meta({ description: "While it fails, the replica gets no traffic." }).exactOptional(),
    liveness: probe.meta({ description: "When it fails, the replica is restarted." }).exactOptional(),
  })
  .meta({
    description: "How the platform knows that a replica is well. Default: the port accepts connections.",
    examples: [{ readiness: { http: "/healthz" } }],
  });

/** The fields that say what runs in a container. */
export const process = {
  command: command.meta({ description: "Replaces the image's entry point." }).exactOptional(),
  args: command.meta({ description: "Arguments of the command." }).exactOptional(),
  env: environment.exactOptional(),
  resources: resources.exactOptional(),
};

/** A container beside or before the main one; without an image it runs the workload's own. */
const extraContainer = {
  image: image.meta({ description: "Image to run. Default: the workload's own." }).exactOptional(),
  ...process,
};
export const initContainer = z.strictObject(extraContainer);
export const sidecar = z.strictObject({ ...extraContainer, probes: probes.exactOptional() });

export { files };
export type Resources = z.output<typeof resources>;
export type Probe = z.output<typeof probe>;
export type Probes = z.output<typeof probes>;
