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
    { port: 7000, protocol: "TCP" },
    { port: 7000, protocol: "UDP" },
  ]);
});
