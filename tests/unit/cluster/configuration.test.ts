import { certificatesOf } from "../../../toolchain/cluster/certificates";
import { encryption, auditPolicy } from "../../../toolchain/cluster/configuration/apiserver";
import { containerd, registryHosts } from "../../../toolchain/cluster/configuration/containerd";
import { clusterTools, type ClusterTools } from "../../../toolchain/cluster/configuration/write";
import type { Instance } from "../../../toolchain/cluster/instance";
import { layoutOf } from "../../../toolchain/cluster/layout";
import { hostInterface, hostRules } from "../../../toolchain/cluster/network";
import { processesOf, type Process } from "../../../toolchain/cluster/processes";
import { dns } from "../../../toolchain/cluster/system/dns";
import { storage } from "../../../toolchain/cluster/system/storage";
import { filesOf } from "../../../toolchain/tools";

const instance: Instance = {
  name: "one",
  id: "0a1b2",
  ports: { api: 16443, registry: 15000 },
  link: { host: "10.213.0.1", node: "10.213.0.2", prefix: 30 },
  loadBalancerAddress: "127.1.2.3",
  encryptionKey: Buffer.alloc(32).toString("base64"),
};
const layout = layoutOf({ name: "one", home: "/state" });
const tools = Object.fromEntries(
  clusterTools.flatMap((tool) => filesOf(tool).map((file) => [file, `/tools/${file}`])),
) as ClusterTools;
const processes = processesOf(instance, layout, tools, { PATH: "/bin" });

function flag(name: string, flagName: string): string | undefined {
  const process = processes.find((each) => each.name === name);
  return process?.command.find((each) => each.startsWith(`--${flagName}=`))?.split("=")[1];
}

it("starts what others wait for first, and ends the containers before containerd", () => {
  const order = processes.map(({ name }) => name);
  expect(order.indexOf("etcd")).toBeLessThan(order.indexOf("kube-apiserver"));
  expect(order.indexOf("containerd")).toBeLessThan(order.indexOf("kubelet"));
  expect(processes.filter(({ drain }) => drain).map(({ name }) => name)).toEqual(["containerd"]);
});

it("listens on the node's own addresses alone", () => {
  const addresses = processes.flatMap(({ command }: Process) =>
    command.flatMap((argument) => /^--(?:bind-address|listen-[a-z-]+urls)=(.*)$/.exec(argument)?.[1] ?? []),
  );
  expect(addresses.length).toBeGreaterThan(3);
  for (const address of addresses) expect(address).toMatch(/^(https?:\/\/)?(127\.0\.0\.1|10\.213\.0\.2)(:\d+)?$/);
  expect(JSON.stringify(processes)).not.toContain("0.0.0.0");
});

it("puts no secret on a command line, which everybody on the machine can read", () => {
  expect(JSON.stringify(processes)).not.toContain(instance.encryptionKey);
  expect(JSON.stringify(encryption(instance))).toContain(instance.encryptionKey);
});

it("lets aggregated API servers and admission plugins know whom to trust", () => {
  expect(flag("kube-apiserver", "requestheader-client-ca-file")).toBe(`${layout.pki}/front-proxy-ca.crt`);
  expect(flag("kube-apiserver", "authorization-mode")).toBe("Node,RBAC");
  expect(flag("kube-apiserver", "enable-admission-plugins")).toBe("NodeRestriction");
});

it("never writes a body into the audit log", () => {
  expect(JSON.stringify(auditPolicy())).not.toMatch(/"level":"Request/);
});

it("names the API server in its certificate as pods, the host and the node do", () => {
  const server = certificatesOf(instance)["ca"]?.find(({ name }) => name === "kube-apiserver");
  expect(server?.hosts).toEqual(
    expect.arrayContaining(["kubernetes.default.svc", "127.0.0.1", "localhost", "10.213.0.2", "10.96.0.1"]),
  );
});

it("gives all rights to one certificate only", () => {
  const all = Object.values(certificatesOf(instance)).flat();
  const mighty = all.filter(({ organization }) => organization?.includes("system:masters") ?? false);
  expect(mighty.map(({ name }) => name)).toEqual(["admin"]);
});

it("fits the kernel's limit for the name of an interface, and keeps strangers out of the node", () => {
  expect(hostInterface(instance).length).toBeLessThanOrEqual(15);
  expect(hostRules(instance)).toContain(`oifname "petrichor-0a1b2" ct state new drop`);
});

it("leads pulls to the instance's registry and nowhere else", () => {
  expect(registryHosts()).toContain(`server = "http://127.0.0.1:5000"`);
  const settings = { runc: `/a "b"/runc`, plugins: ["/p", "/q"], networks: "/n", registries: "/r", pauseImage: "i" };
  expect(containerd(settings)).toContain(`BinaryName = "/a \\"b\\"/runc"`);
  expect(containerd(settings)).toContain(`bin_dirs = ["/p","/q"]`);
});

it.each([
  ["CoreDNS", dns("image@sha256:0"), "coredns"],
  ["the provisioner", storage("image@sha256:0"), "local-path-provisioner"],
])("runs %s as a restricted pod", (_, objects, name) => {
  const deployment = objects.find((object) => object.kind === "Deployment" && object.metadata.name === name);
  expect(deployment).toMatchObject({
    spec: {
      template: {
        spec: {
          securityContext: { runAsNonRoot: true, seccompProfile: { type: "RuntimeDefault" } },
          containers: [
            {
              securityContext: {
                allowPrivilegeEscalation: false,
                readOnlyRootFilesystem: true,
                capabilities: { drop: ["ALL"] },
              },
            },
          ],
        },
      },
    },
  });
});

it.each(["", "One", "1st", "a_b", "a".repeat(31), "-a", "a-", "../x"])("refuses the name %j", (name) => {
  expect(() => layoutOf({ name, home: "/state" })).toThrow("can't be the name of an embedded cluster");
});
