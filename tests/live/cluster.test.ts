import { X509Certificate } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { get } from "node:https";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startCluster, stopCluster, deleteCluster, type ClusterAddresses } from "../../toolchain/cluster/cluster";
import { clusterMemory, clusterStatus, type PartStatus } from "../../toolchain/cluster/status";
import { askOnce } from "../support/ask";
import { describeEmbedded, eventually, runTool } from "../support/embedded";
import { askByDatagram, list, loadBalancer, probeObjects } from "./cluster/probe";
import { networkOf, tracesOf } from "./cluster/traces";

// An action takes a second or two; a machine that builds at the same time takes many times that.
jest.setTimeout(120_000);

const home = mkdtempSync(join(tmpdir(), "petrichor-live-cluster-"));
const cluster = { name: "first", home };
const ports = { http: 18080, udp: 18081 } as const;

let at: ClusterAddresses;

const kubectl = (...args: string[]): Promise<string> => runTool("kubectl", "--kubeconfig", at.kubeconfig, ...args);

async function apply(objects: object): Promise<void> {
  const file = join(home, "objects.json");
  writeFileSync(file, JSON.stringify(objects));
  await kubectl("apply", "--filename", file);
}

const url = (path: string): string => `http://${at.loadBalancerAddress}:${ports.http}${path}`;

async function ask(path: string, init: RequestInit = {}): Promise<string> {
  const answer = await fetch(url(path), { ...init, signal: AbortSignal.timeout(5000) });
  if (!answer.ok) throw new Error(`${path} answered ${answer.status}: ${await answer.text()}`);
  return answer.text();
}

async function part(name: string): Promise<PartStatus> {
  const found = (await clusterStatus(cluster)).parts.find((each) => each.name === name);
  if (found === undefined) throw new Error(`there is no part ${name}`);
  return found;
}

/** The HTTP status that somebody gets who shows no certificate. */
function statusWithoutCertificate(path: string): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    const ca = readFileSync(join(at.folder, "pki/ca.crt"));
    get(`${at.apiServer}${path}`, { ca, agent: false }, (response) => {
      response.resume();
      resolve(response.statusCode);
    }).on("error", reject);
  });
}

describeEmbedded("an embedded cluster", () => {
  beforeAll(async () => {
    at = await startCluster(cluster);
    const image = await runTool(
      "images",
      ...["build", "--source", join(__dirname, "cluster/probe"), "--repository", `${at.registry}/test/probe`],
    );
    await apply(probeObjects(image.trim().replace(at.registry, "registry.petrichor.internal"), ports));
    await kubectl("--namespace=probe", "rollout", "status", "deployment/probe", "--timeout=120s");
  }, 40 * 60_000);

  afterAll(async () => {
    await deleteCluster(cluster);
    await deleteCluster({ name: "second", home });
    rmSync(home, { recursive: true, force: true });
  });

  it("is ready, and a second start changes nothing", async () => {
    const before = await clusterStatus(cluster);
    expect(before).toMatchObject({ state: "ready", apiReady: true, nodeReady: true });
    expect(await startCluster(cluster)).toEqual(at);
    expect((await clusterStatus(cluster)).parts).toEqual(before.parts);
  });

  it("serves a restricted pod from its registry, by a Service on loopback over TCP and UDP", async () => {
    await eventually(async () => {
      expect(await ask("/")).toBe("hello");
    });
    await eventually(async () => {
      expect(await askByDatagram(at.loadBalancerAddress, ports.udp, "ping")).toBe("ping");
    });
  });

  it("answers names of Services in pods, and leads a pod to itself by its own Service", async () => {
    const address = await kubectl(
      "--namespace=probe",
      "get",
      "service",
      "probe",
      "--output=jsonpath={.spec.clusterIP}",
    );
    expect(await ask("/addresses/probe.probe.svc.cluster.local")).toBe(address);
    expect(await ask(`/fetch/probe:${ports.http}`)).toBe("hello");
  });

  it("keeps pods from where a cloud gives machines their credentials, and from the registry and etcd", async () => {
    for (const address of ["169.254.169.254", `${at.nodeAddress}:5000`, `${at.nodeAddress}:2379`]) {
      await expect(ask(`/fetch/${address}`)).rejects.toThrow(/refused|Timeout|aborted/);
    }
  });

  it("gives logs and runs commands in containers", async () => {
    expect(await kubectl("--namespace=probe", "logs", "deployment/probe")).toContain("probe is listening");
    const output = await kubectl("--namespace=probe", "exec", "deployment/probe", "--", "/ko-app/probe", "hi", "there");
    expect(output).toBe("hi there\n");
  });

  it("refuses privileged pods, encrypts Secrets at rest and lets nobody in without a certificate", async () => {
    const privileged = ["run", "bad", "--image=none", "--privileged", "--restart=Never", "--namespace=default"];
    await expect(kubectl(...privileged)).rejects.toThrow("violates PodSecurity");
    await kubectl("--namespace=default", "create", "secret", "generic", "hidden", "--from-literal=word=xyzzy-plugh");
    const stored = (folder: string): boolean => readFileSync(folder).includes("xyzzy-plugh");
    expect(stored(join(at.folder, "data/etcd/member/snap/db"))).toBe(false);
    expect(await statusWithoutCertificate("/readyz")).toBe(200);
    expect(await statusWithoutCertificate("/api/v1/nodes")).toBe(401);
  });

  it("gives Services with the same port addresses of their own, tells when another program has a port, and gives it once it is free", async () => {
    const other = createServer().listen(18090, at.loadBalancerAddress);
    const port = (number: number): object => ({ port: number, targetPort: 8080 });
    await apply(list([loadBalancer("beside", [port(ports.http)]), loadBalancer("blocked", [port(18090)])]));
    const status = (name: string, field: string): Promise<string> =>
      kubectl("--namespace=probe", "get", "service", name, `--output=jsonpath={.status.${field}}`);
    await eventually(async () => {
      const address = await status("beside", "loadBalancer.ingress[0].ip");
      expect(address).not.toBe(at.loadBalancerAddress);
      expect(await askOnce(`http://${address}:${ports.http}/`)).toBe("hello");
    });
    await eventually(async () => {
      expect(await status("blocked", "conditions[0].message")).toContain("used by another process");
    });
    other.close();
    await eventually(async () => {
      expect(await askOnce(`http://${at.loadBalancerAddress}:18090/`)).toBe("hello");
    });
    await kubectl("--namespace=probe", "delete", "service", "beside", "blocked");
  });

  it.each(["kubelet", "kube-apiserver", "containerd", "load-balancer"])(
    "heals by itself after kill -9 of %s",
    async (name) => {
      const before = await part(name);
      process.kill(before.pid ?? 0, "SIGKILL");
      await eventually(async () => {
        expect(await part(name)).toMatchObject({ state: "running", restarts: before.restarts + 1 });
        expect(await clusterStatus(cluster)).toMatchObject({ state: "ready" });
        expect(await ask("/")).toBe("hello");
      });
      expect((await part(name)).pid).not.toBe(before.pid);
    },
  );

  it("runs beside another instance with addresses of its own, which a delete takes away without a trace", async () => {
    const second = { name: "second", home };
    const other = await startCluster(second);
    for (const key of ["apiServer", "registry", "nodeAddress", "loadBalancerAddress", "folder"] as const) {
      expect(other[key]).not.toBe(at[key]);
    }
    expect(await ask("/")).toBe("hello");
    const node = (await clusterStatus(second)).parts.find(({ name }) => name === "kubelet");
    const { id } = JSON.parse(readFileSync(join(other.folder, "instance.json"), "utf8")) as { id: string };
    const instance = { id, folder: other.folder, network: networkOf(node?.pid ?? 0) };
    const kinds = tracesOf(instance).map((trace) => trace.split(" ")[0]);
    // A look that finds nothing while the instance runs would prove nothing afterwards.
    expect(new Set(kinds)).toEqual(new Set(["interface", "cgroup", "firewall", "process", "folder"]));
    await deleteCluster(second);
    expect(tracesOf(instance)).toEqual([]);
    expect(await clusterStatus(second)).toMatchObject({ state: "absent" });
    expect(await ask("/")).toBe("hello");
  });

  it("refuses a port that is taken before it makes anything", async () => {
    const [port] = /\d+$/.exec(at.registry) ?? [];
    const third = { name: "third", home };
    const code = expect.objectContaining({ code: "PORT_IN_USE" }) as unknown;
    await expect(startCluster({ ...third, ports: { api: Number(port) } })).rejects.toEqual(code);
    expect(await clusterStatus(third)).toMatchObject({ state: "absent" });
    await deleteCluster(third);
  });

  it("starts again, with all of its data, after its first process was killed", async () => {
    await kubectl("--namespace=default", "create", "configmap", "kept");
    const { pid } = JSON.parse(readFileSync(join(at.folder, "running.json"), "utf8")) as { pid: number };
    process.kill(pid, "SIGKILL");
    await eventually(async () => {
      expect(await clusterStatus(cluster)).toMatchObject({ state: "stopped" });
    });
    expect(await startCluster(cluster)).toEqual(at);
    expect(await kubectl("--namespace=default", "get", "configmap", "kept", "--output=name")).toContain("kept");
    await eventually(async () => {
      expect(await ask("/")).toBe("hello");
    });
  });

  it("keeps its data through a stop, renews a certificate that is about to expire, and needs little memory", async () => {
    await ask("/note", { method: "PUT", body: "remember" });
    await stopCluster(cluster);
    expect(await clusterStatus(cluster)).toMatchObject({ state: "stopped", parts: [] });
    const certificate = join(at.folder, "pki/kube-apiserver.crt");
    const before = new X509Certificate(readFileSync(certificate));
    // Someone else's certificate in its place is as useless as one that has expired.
    writeFileSync(certificate, readFileSync(join(at.folder, "pki/etcd.crt")));

    expect(await startCluster(cluster)).toEqual(at);
    await eventually(async () => {
      expect(await ask("/note")).toBe("remember");
    });
    expect(new X509Certificate(readFileSync(certificate)).serialNumber).not.toBe(before.serialNumber);
    const mebibytes = (await clusterMemory(cluster)).reduce((sum, { bytes }) => sum + bytes, 0) / 2 ** 20;
    expect(mebibytes).toBeGreaterThan(100);
    expect(mebibytes).toBeLessThan(1638);
  });
});
