import { portRequests } from "../../../components/app/model/port-requests";
import { image } from "../../support/apps";

const stack = { environment: "dev", domain: "dev.example.com" };
const of = (...definitions: object[]) =>
  portRequests({ definitions: definitions.map((definition, index) => ({ file: `${index}.ts`, definition })), stack });

const web = { kind: "service", image, port: 8080, ports: { admin: 9090 } };

test("ports are asked for by number, or left to the platform", () => {
  const shop = {
    name: "shop",
    workloads: {
      web: { ...web, expose: [{ host: "auto" }, { l4: 30_001 }, { l4: "auto" }, { l4: "auto", port: "admin" }] },
      db: { kind: "stateful", image, port: 5432, expose: [{ l4: "auto" }, { l4: 30_002 }] },
    },
  };
  expect(of(shop)).toEqual({
    automatic: [
      { file: "0.ts", app: "shop", workload: "web", port: "http", path: ["expose", 2, "l4"] },
      { file: "0.ts", app: "shop", workload: "web", port: "admin", path: ["expose", 3, "l4"] },
      { file: "0.ts", app: "shop", workload: "db", port: "tcp", path: ["expose", 0, "l4"] },
    ],
    fixed: [30_001, 30_002],
  });
});

test("what asks for none, and what is not well-formed, is left out", () => {
  const quiet = {
    name: "quiet",
    workloads: {
      web,
      agent: { kind: "daemon", image, port: 9100 },
      work: { kind: "worker", image },
      lost: { kind: "service", image, port: 80, expose: [{ l4: "auto", port: "gone" }] },
    },
  };
  expect(of(quiet, { name: 1 }, {}, { name: "odd", workloads: { web: { ...web, expose: "l4" } } })).toEqual({
    automatic: [],
    fixed: [],
  });
});
