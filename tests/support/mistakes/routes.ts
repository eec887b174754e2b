import { image } from "../apps";
import { type Case, exposed, service } from "./relations";

const routed = (...routes: object[]): object => exposed({ host: "auto", routes });
const grpc = (...routes: object[]): object => service({ protocol: "grpc", expose: [{ host: "auto", routes }] });
const rewritten = (rewrite: object, more: object = {}): object => routed({ rewrite, ...more });
const bare = { capabilities: {} };

/** What addresses say of requests, at the edge of what is allowed. */
export const routeCases: readonly Case[] = [
  [
    "rules that ask for the same",
    {
      web: routed(
        { path: { exact: "/a" } },
        { path: { exact: "/a" } },
        { path: { regex: "/b" } },
        { path: { regex: "/b" }, to: "web" },
      ),
    },
  ],
  [
    "rules that ask for the same headers",
    {
      web: routed(
        { headers: { "x-a": "1" }, query: { q: "1" }, method: "GET" },
        { headers: { "x-a": "1" }, query: { q: "1" }, method: "GET" },
      ),
    },
  ],
  [
    "rules that ask for other headers",
    {
      web: routed(
        { headers: { "x-a": "1" } },
        { headers: { "x-a": "2" } },
        { query: { q: "1" } },
        { query: { q: "2" } },
      ),
    },
  ],
  [
    "regular expressions everywhere",
    {
      web: routed(
        { path: { regex: "(" }, headers: { "x-a": { regex: "[" }, "x-b": "(" }, query: { q: { regex: "*" } } },
        { rewrite: { regex: "+", with: "a" } },
      ),
    },
  ],
  [
    "two ends",
    {
      web: routed(
        { redirect: { path: "/a" }, answer: { status: 200 } },
        { answer: { status: 200 }, to: "web" },
        { redirect: { host: "a.b" } },
        { answer: { status: 200 }, path: "/c" },
      ),
    },
  ],
  ["a rewrite and a redirect", { web: rewritten({ host: "a.b" }, { redirect: { path: "/a" } }) }],
  ["a rewrite and an answer", { web: rewritten({ host: "a.b" }, { answer: { status: 200 } }) }],
  ["two rewrites", { web: rewritten({ path: "/a", prefix: "/b" }) }],
  [
    "rewrites of each kind",
    {
      web: routed(
        { path: "/1", rewrite: { path: "/a" } },
        { path: "/2", rewrite: { prefix: "/b" } },
        { path: "/3", rewrite: { regex: "c", with: "d" } },
        { path: "/4", rewrite: { host: "a.b" } },
      ),
    },
  ],
  ["a rewrite with nothing to replace", { web: rewritten({ with: "a" }) }],
  ["a redirect of a prefix of no prefix", { web: routed({ path: { regex: "/a" }, redirect: { prefix: "/b" } }) }],
  ["a redirect of a prefix", { web: routed({ path: "/a", redirect: { prefix: "/b" } }) }],
  [
    "targets",
    {
      web: routed({ to: { gone: 1, mute: 1, busy: 1, set: 1 } }),
      busy: service(),
      mute: { kind: "worker", image },
      set: { kind: "stateful", image },
    },
  ],
  ["no weight", { web: routed({ to: { web: 0, busy: 0 } }), busy: service() }],
  ["some weight", { web: routed({ to: { web: 0, busy: 1 } }), busy: service() }],
  [
    "a target that may sleep",
    { web: routed({ to: "lazy" }), lazy: service({ scale: { min: 0, max: 3, on: [{ rps: 1 }] } }) },
  ],
  [
    "itself although it may sleep",
    {
      web: service({
        expose: [{ host: "auto", routes: [{ to: "web" }] }],
        scale: { min: 0, max: 3, on: [{ rps: 1 }] },
      }),
    },
  ],
  ["a target that never sleeps", { web: routed({ to: "awake" }), awake: service({ scale: { min: 1, max: 3 } }) }],
  [
    "gRPC that is well",
    {
      web: grpc(
        {},
        { path: "/" },
        { path: "/shop.Orders" },
        { path: "/shop.Items/" },
        { path: { exact: "/shop.Orders/Get" } },
      ),
    },
  ],
  [
    "gRPC in terms of HTTP",
    {
      web: grpc(
        { method: "GET", query: { a: "1" }, timeout: "1s" },
        { path: "/b", redirect: { path: "/a" } },
        { path: "/c", rewrite: { path: "/a" } },
      ),
    },
  ],
  [
    "gRPC paths that are none",
    {
      web: grpc({ path: "/a/b" }, { path: { exact: "/a" } }, { path: { exact: "/a/b/c" } }, { path: { regex: "/a" } }),
    },
  ],
  [
    "HTTP paths of a workload with gRPC at another port",
    {
      web: service({
        ports: { rpc: { port: 9, protocol: "grpc" } },
        expose: [
          { host: "auto", routes: [{ path: "/a/b", method: "GET" }] },
          { host: "b.dev.example.com", port: "rpc", routes: [{ path: "/a/b" }] },
        ],
      }),
    },
  ],
  [
    "blocks of addresses",
    {
      web: exposed(
        {
          host: "auto",
          traffic: {
            allow: ["10.0.0.0/32", "10.0.0.0/33", "::/128", "::/129", "10.0.0/8", "1.2.3.4.5/8"],
            deny: ["300.0.0.0/8"],
          },
        },
        { l4: 30_000, allow: ["10.0.0.0/99"] },
      ),
    },
  ],
  [
    "UDP for some",
    {
      web: service({
        ports: { dns: { port: 53, protocol: "udp" } },
        expose: [
          { l4: 1, port: "dns", allow: ["10.0.0.0/8"] },
          { l4: 2, protocol: "udp", connections: 5 },
          { l4: 3, port: "dns", protocol: "tcp", connections: 5 },
          { l4: 4, connections: 5 },
          { l4: 5, port: "dns" },
        ],
      }),
    },
  ],
  [
    "what takes a gateway, without one",
    {
      web: exposed(
        { host: "auto", routes: [{}], traffic: {}, certificate: "a", clientCertificates: { authority: "a" } },
        { l4: 1, allow: ["10.0.0.0/8"], connections: 1 },
        { l4: 2 },
      ),
    },
    bare,
  ],
  [
    "what takes a gateway, with one",
    { web: exposed({ host: "auto", routes: [{}] }) },
    { capabilities: { gateway: true } },
  ],
];
