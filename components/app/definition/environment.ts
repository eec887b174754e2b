import { z } from "zod";
import { absolutePath, objectName, text, variable } from "./scalars";

const key = text(/^[-._a-zA-Z0-9]{1,253}$/, "a key: letters, digits, dashes, dots and underscores");

const clusterSecret = z.strictObject({
  secret: objectName.meta({ description: "Name of a Secret in the app's namespace." }),
  key: key.meta({ description: "Key in that Secret." }),
});
const storeSecret = z.strictObject({
  store: z.string().min(1).meta({ description: "Name of the cluster's secret store (External Secrets)." }),
  path: z.string().min(1).meta({ description: "Where the store keeps the secret." }),
  property: z.string().min(1).meta({ description: "Field of the secret. Default: all of it." }).exactOptional(),
});
const configSecret = z.strictObject({
  config: text(/^[A-Za-z][\w:-]*$/, 'a Pulumi configuration key, for example "shop:stripeKey"').meta({
    description: "Key of a secret in the stack's Pulumi configuration (`pulumi config set --secret`).",
  }),
});
export const generatedSecret = z.strictObject({
  generate: z
    .strictObject(
      {
        length: z
          .int()
          .min(16)
          .max(128)
          .meta({ description: "Number of characters.", examples: [64] })
          .exactOptional(),
      },
      { error: "a map, {} or { length: 64 }" },
    )
    .meta({
      description: "Random letters and digits, made once and kept; `{}` takes the default length.",
      examples: [{}, { length: 64 }],
    }),
});
const podFact = z.strictObject({
  field: z
    .enum(["pod.name", "pod.namespace", "pod.ip", "node.name"])
    .meta({ description: "A fact about the pod that is known when it starts." }),
});

/** A value that is not written down in the app. */
export const secretReference = z.union([clusterSecret, storeSecret, configSecret, generatedSecret], {
  error: "a secret: { secret: NAME, key: KEY }, { store: STORE, path: PATH }, { config: KEY } or { generate: {} }",
});

export const environmentValue = z.union(
  [z.string(), clusterSecret, storeSecret, configSecret, generatedSecret, podFact],
  {
    error:
      'text in quotes, or a reference: { secret: NAME, key: KEY }, { store: STORE, path: PATH }, { config: KEY }, { generate: {} } or { field: "pod.name" }',
  },
);

export const environment = z.record(variable, environmentValue).meta({
  description: "Environment variables. `PORT` is set from `port`, and every link adds its own.",
  examples: [{ LOG_LEVEL: "info", API_KEY: { secret: "shop-keys", key: "api" } }],
});

export const files = z
  .record(
    absolutePath,
    z.union([z.string(), secretReference], {
      error:
        "the text of the file, or a secret: { secret: NAME, key: KEY }, { store: STORE, path: PATH }, { config: KEY } or { generate: {} }",
    }),
  )
  .meta({
    description: "Configuration files by path. A changed file rolls the pods.",
    examples: [{ "/etc/app/app.conf": "workers = 4\n" }],
  });

export type SecretReference = z.output<typeof secretReference>;
export type EnvironmentValue = z.output<typeof environmentValue>;

/** A value from a Secret that is in the app's namespace. */
export function secret(name: string, secretKey: string): EnvironmentValue & SecretReference {
  return { secret: name, key: secretKey };
}

/** A value that External Secrets fetches from a store. */
export function fromStore(store: string, path: string, property?: string): EnvironmentValue & SecretReference {
  return property === undefined ? { store, path } : { store, path, property };
}

/** A secret of the stack's Pulumi configuration. */
export function fromConfig(configKey: string): EnvironmentValue & SecretReference {
  return { config: configKey };
}

/** A random value that is made once and kept, 32 characters unless told. */
export function generated(options: { length?: number } = {}): z.output<typeof generatedSecret> {
  return { generate: options };
}

/** A fact about the pod. */
export function podField(field: z.output<typeof podFact>["field"]): EnvironmentValue {
  return { field };
}
