import { z } from "zod";
import { cpu, label, size } from "./scalars";
import { workload } from "./workload";

/** The schema of `app.ts` and `app.yaml`: the one source of their types, of the JSON Schema and of the reference page. */
export const appSchema = z
  .strictObject({
    specVersion: z
      .literal(1)
      .meta({ description: "Version of this schema that the app was written for." })
      .exactOptional(),
    name: label.meta({ description: "Name of the app, and of its namespace.", examples: ["shop"] }),
    owner: label.meta({ description: "Team that answers for it. Default: none." }).exactOptional(),
    description: z.string().meta({ description: "What it is, for people." }).exactOptional(),
    quota: z
      .strictObject({
        cpu: cpu.meta({ description: "CPU that all its pods may set aside together." }).exactOptional(),
        memory: size.meta({ description: "Memory that all its pods may set aside together." }).exactOptional(),
        storage: size.meta({ description: "Size of all its volumes together." }).exactOptional(),
        pods: z.int().min(1).meta({ description: "Pods at one time." }).exactOptional(),
      })
      .meta({ description: "Most that the app may use. Default: twice what its workloads declare at full scale." })
      .exactOptional(),
    protect: z
      .boolean()
      .meta({ description: "Whether the engine refuses to delete data of its workloads." })
      .exactOptional(),
    workloads: z.record(label, workload).meta({ description: "The runnable parts by name." }),
  })
  .meta({ id: "App", title: "Petrichor app", description: "An application: what runs, and what it needs." });

export type AppDefinition = z.output<typeof appSchema>;
