import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { type FieldDrift, fieldDrift, type LiveObject } from "../../components/drift/drift";
import { type KubeObject, objectKey } from "../../components/kube/object";
import type { Kubectl } from "../kubectl";

/** An object that is other than the program says. */
export interface ObjectDrift {
  /** `apps/v1/Deployment shop/web` */
  readonly object: string;
  readonly state: "changed" | "missing";
  /** What differs; empty unless the object was changed. */
  readonly fields: readonly FieldDrift[];
}

/** Compares what a cluster has with what it should have. It changes nothing: the API server only says what an apply would lead to. */
export async function clusterDrift(kubectl: Kubectl, desired: readonly KubeObject[]): Promise<ObjectDrift[]> {
  const live = await read(kubectl, desired);
  const present = desired.filter((object) => live.has(objectKey(object)));
  const applied = await dryRun(kubectl, present);
  const changed = present.flatMap((object): ObjectDrift[] => {
    const key = objectKey(object);
    const [is, shouldBe] = [live.get(key), applied.get(key)];
    const fields = is === undefined || shouldBe === undefined ? [] : fieldDrift(is, shouldBe);
    return fields.length === 0 ? [] : [{ object: key, state: "changed", fields }];
  });
  const missing = desired
    .map(objectKey)
    .filter((key) => !live.has(key))
    .map((object): ObjectDrift => ({ object, state: "missing", fields: [] }));
  return [...missing, ...changed].sort((a, b) => a.object.localeCompare(b.object));
}

/** The objects as they are, by key; those that aren't there are left out. */
async function read(kubectl: Kubectl, objects: readonly KubeObject[]): Promise<Map<string, LiveObject>> {
  if (objects.length === 0) return new Map();
  return withFile(objects, async (file) =>
    byKey(
      await kubectl.text("get", "--filename", file, "--ignore-not-found", "--show-managed-fields", "--output", "json"),
    ),
  );
}

/** The objects as an apply would leave them. Another manager's name keeps our own record of fields out of it. */
async function dryRun(kubectl: Kubectl, objects: readonly KubeObject[]): Promise<Map<string, LiveObject>> {
  if (objects.length === 0) return new Map();
  const apply = ["apply", "--server-side", "--dry-run=server", "--field-manager=petrichor-drift", "--force-conflicts"];
  return withFile(objects, async (file) => byKey(await kubectl.text(...apply, "--filename", file, "--output", "json")));
}

async function withFile<Result>(
  objects: readonly KubeObject[],
  work: (file: string) => Promise<Result>,
): Promise<Result> {
  const folder = mkdtempSync(path.join(tmpdir(), "petrichor-drift-"));
  const file = path.join(folder, "objects.json");
  try {
    writeFileSync(file, JSON.stringify({ apiVersion: "v1", kind: "List", items: objects }), { mode: 0o600 });
    return await work(file);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** `kubectl` prints a List for several objects, the object for one, and nothing for none. */
function byKey(printed: string): Map<string, LiveObject> {
  if (printed.trim() === "") return new Map();
  const parsed = JSON.parse(printed) as LiveObject | { readonly kind: "List"; readonly items: readonly LiveObject[] };
  const items = "items" in parsed ? (parsed.items as readonly LiveObject[]) : [parsed];
  return new Map(items.map((object) => [objectKey(object), object]));
}
