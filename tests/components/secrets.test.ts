import { execFile } from "node:child_process";
import path from "node:path";
import { promisify } from "node:util";
import * as pulumi from "@pulumi/pulumi";
import { SecretStore } from "../../components/deploy/secrets";
import type { KubeObject } from "../../components/kube/object";

/** A store whose cluster holds what `secrets` says, by namespace and name. */
function storeWith(secrets: Readonly<Record<string, Readonly<Record<string, string>>>>): SecretStore {
  return new SecretStore(pulumi.output("kubeconfig"), (_, namespace, name) =>
    Promise.resolve(secrets[`${namespace}/${name}`] ?? {}),
  );
}

const secret = (namespace: string, name: string, origins: object): KubeObject => ({
  apiVersion: "v1",
  kind: "Secret",
  metadata: { namespace, name, annotations: { "petrichor.dev/secret": JSON.stringify(origins) } },
});

async function known(value: pulumi.Input<string> | undefined): Promise<string> {
  return new Promise((resolve) => {
    pulumi.output(value).apply((text) => {
      resolve(text ?? "");
    });
  });
}

const original = secret("shop", "db", { password: { generate: { length: 40 } } });
const copied = secret("blog", "link", { PASSWORD: { copy: { namespace: "shop", name: "db", key: "password" } } });

test("a value that the cluster lacks is made, as long as it was asked for", async () => {
  const store = storeWith({});
  await expect(known(store.valuesOf(original)?.password)).resolves.toMatch(/^[A-Za-z0-9]{40}$/);
});

test("a value that the cluster has is kept", async () => {
  const store = storeWith({ "shop/db": { password: Buffer.from("old").toString("base64") } });
  await expect(known(store.valuesOf(original)?.password)).resolves.toBe("old");
});

test("a copy is the same as its original, whichever is asked for first", async () => {
  const store = storeWith({});
  const copy = store.valuesOf(copied)?.PASSWORD;
  const made = store.valuesOf(original)?.password;
  await expect(known(copy)).resolves.toBe(await known(made));
  await expect(known(made)).resolves.toHaveLength(40);
});

test("a copy of what nobody makes, and the cluster lacks, ends the program with its code", async () => {
  // What a value's maker throws ends the process, whoever waits for the value: so it is one of its own.
  const program = `
    const { SecretStore } = require("./components/deploy/secrets");
    const pulumi = require("@pulumi/pulumi");
    const data = { user: Buffer.from("shop").toString("base64") };
    new SecretStore(pulumi.output("kubeconfig"), () => Promise.resolve(data)).valuesOf(${JSON.stringify(copied)});
  `;
  const cwd = path.resolve(__dirname, "../..");
  const ended = promisify(execFile)(process.execPath, ["--import", "tsx", "--eval", program], { cwd });
  await expect(ended).rejects.toMatchObject({
    code: 1,
    stderr: expect.stringMatching(
      /PetrichorError: there is no key "password" in Secret shop\/db, which a link copies\.[^]*code: 'SECRET_MISSING',\s+fix: 'Bring up the app that makes it first\.'/,
    ) as unknown,
  });
}, 60_000);

test("values are secret", async () => {
  const value = storeWith({}).valuesOf(original)?.password;
  await expect(pulumi.isSecret(pulumi.output(value))).resolves.toBe(true);
});

test("other objects ask for nothing", () => {
  const plain: KubeObject = { apiVersion: "v1", kind: "Secret", metadata: { name: "own" } };
  expect(storeWith({}).valuesOf(plain)).toBeUndefined();
});
