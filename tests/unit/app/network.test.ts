import { image, render } from "../../support/apps";

test("a port that speaks TCP and UDP under one number is opened for both", () => {
  const objects = render({
    name: "echo",
    workloads: {
      main: {
        kind: "service",
        image,
        port: 8080,
        ports: { stream: { port: 7000, protocol: "tcp" }, datagram: { port: 7000, protocol: "udp" } },
        expose: [
          { l4: 30000, port: "stream" },
          { l4: 30000, port: "datagram", protocol: "udp" },
        ],
      },
    },
  });
  const policy = objects.find(({ kind, metadata: { name } }) => kind === "NetworkPolicy" && name === "main");
  const { ingress } = policy?.spec as { ingress: { ports: object[] }[] };
  expect(ingress.flatMap(({ ports }) => ports)).toEqual([
    { port: "stream", protocol: "TCP" },
    { port: "datagram", protocol: "UDP" },
  ]);
});

test("a port under another number leaves every policy as it is: pods of the version before are still reached", () => {
  const rendered = (port: number) =>
    render({
      name: "echo",
      workloads: {
        main: { kind: "service", image, port, expose: [{ host: "auto" }] },
        store: { kind: "stateful", image, port, replicas: 3 },
        caller: { kind: "worker", image, links: { MAIN: "main", STORE: "store" } },
      },
    });
  const policies = (port: number) => rendered(port).filter(({ kind }) => kind === "NetworkPolicy");
  expect(policies(8080)).toHaveLength(4);
  expect(policies(9090)).toEqual(policies(8080));
  const services = rendered(9090).filter(({ kind }) => kind === "Service");
  const ports = services.flatMap(({ spec }) => (spec as { ports: { port: number; targetPort: string }[] }).ports);
  expect(ports.map(({ port, targetPort }) => `${port} ${targetPort}`).sort()).toEqual([
    "9090 http",
    "9090 http",
    "9090 tcp",
    "9090 tcp",
  ]);
});
