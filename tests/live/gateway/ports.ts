import { eventually } from "../../support/embedded";
import { guardedPort, narrowPort, portCount, portsApp } from "./apps";
import { echoByTcp, echoByUdp, openTcp } from "./clients";
import { type Edge, patience } from "./edge";

/** Tests of ports at the load balancer, on a cluster that others use too. */
export function testPorts(edge: () => Edge): void {
  test("70 automatic ports echo at once, by TCP and UDP", async () => {
    const model = await edge().run(portsApp(edge().image));
    const exposed = model.workloads.flatMap((one) => ("expose" in one ? one.expose : []));
    const ports = exposed.flatMap((one) => (one.type === "layer4" && one.address !== undefined ? [one] : []));
    expect(ports).toHaveLength(2 * portCount + 2);
    const { address } = edge().access;
    await Promise.all(
      ports
        .filter(({ allow }) => allow === undefined)
        .map((port) =>
          eventually(async () => {
            const echo = port.protocol === "udp" ? echoByUdp : echoByTcp;
            expect(await echo(address, port.address ?? 0, "rain")).toBe(`:${port.port.port} rain`);
          }, patience),
        ),
    );
  });

  test("a port refuses clients that are not on its list", async () => {
    const { address } = edge().access;
    await eventually(async () => {
      await expect(echoByTcp(address, guardedPort, "rain")).rejects.toThrow(/closed after|ECONNRESET/);
    }, patience);
  });

  test("a port carries so many connections and no more, and takes the next one when one goes", async () => {
    const { address } = edge().access;
    await eventually(async () => {
      const held = [await openTcp(address, narrowPort, "rain"), await openTcp(address, narrowPort, "hail")];
      try {
        await expect(echoByTcp(address, narrowPort, "snow")).rejects.toThrow(/closed after|ECONNRESET/);
        held.pop()?.destroy();
        await eventually(() => echoByTcp(address, narrowPort, "snow"), 10_000);
      } finally {
        for (const socket of held) socket.destroy();
      }
    }, patience);
  });
}
