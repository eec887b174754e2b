import type { Kubectl } from "../../../cli/kubectl";
import { requireCertificates } from "../../../cli/up/certificates";
import { certificateProblem } from "../../../components/platform/certificate";
import type { Project } from "../../../stacks/project";
import { errorsOf, image, resolve } from "../../support/apps";

/** For shop.example.com and everything directly below dev.example.com, from November to December 2026. */
const pem = `-----BEGIN CERTIFICATE-----
MIIBpTCCAUugAwIBAgIUPOHiE9DPNrfQnVB/A4LqMyjbzvYwCgYIKoZIzj0EAwIw
DzENMAsGA1UEAwwEc2hvcDAeFw0yNjExMjQxMjQ0NDVaFw0yNjEyMjQxMjQ0NDVa
MA8xDTALBgNVBAMMBHNob3AwWTATBgcqhkjOPQIBBggqhkjOPQMBBwNCAAQ0QAEH
JL3GyI+jac5UgZ5a11LEpe9gTaLlSY+tmUweC8lzqHVFkeEKZ5MVMPBexU2mpQVi
QBbV6p7LoicC6EXMo4GEMIGBMB0GA1UdDgQWBBSJjaFTI9xiOhY9Lt55RMvJD+4V
4zAfBgNVHSMEGDAWgBSJjaFTI9xiOhY9Lt55RMvJD+4V4zAPBgNVHRMBAf8EBTAD
AQH/MC4GA1UdEQQnMCWCEHNob3AuZXhhbXBsZS5jb22CESouZGV2LmV4YW1wbGUu
Y29tMAoGCCqGSM49BAMCA0gAMEUCIQDkhs2ukSp3hdyfgNQvJkaeOJTOgUGRWWga
r161wnkWggIgFqi8MSbEnUSbHL2AAYA8Jvc4+nYEXIigRkW24OShe4o=
-----END CERTIFICATE-----
`;
const now = new Date("2026-12-01T00:00:00Z");

test.each([
  ["shop.example.com", now, undefined],
  ["web-shop.dev.example.com", now, undefined],
  ["a.web.dev.example.com", now, /^is for DNS:shop.example.com, DNS:\*.dev.example.com$/],
  ["shop.example.org", now, /^is for /],
  ["shop.example.com", new Date("2027-06-01T00:00:00Z"), /^ended on /],
  ["shop.example.com", new Date("2026-06-01T00:00:00Z"), /^begins only on /],
])("the certificate for %s at %s", (host, time, wrong) => {
  const problem = certificateProblem(pem, host, time);
  if (wrong === undefined) expect(problem).toBeUndefined();
  else expect(problem).toMatch(wrong);
});

test("what is no certificate can't be read", () => {
  expect(certificateProblem("-----BEGIN", "shop.example.com", now)).toBe("can't be read");
});

/** A project of one app with a host that has a certificate of its own, on a cluster whose Secrets are given by name. */
function check(host: string, secrets: Readonly<Record<string, string>>, time = now): Promise<void> {
  const workloads = { web: { kind: "service", image, port: 8080, expose: [{ host, certificate: "own" }] } };
  const [model] = resolve([{ name: "shop", workloads }]);
  const project = {
    apps: [{ model, objects: [] }],
    stack: { environment: "dev", domain: "dev.example.com" },
    cluster: { definition: { kind: "existing" } },
    platform: { capabilities: { gateway: true } },
  } as unknown as Project;
  const kubectl = {
    text: (...args: string[]) =>
      Promise.resolve(Buffer.from(secrets[`${args[4] ?? ""}/${args[2] ?? ""}`] ?? "").toString("base64")),
  } as unknown as Kubectl;
  return requireCertificates(project, kubectl, time);
}

async function refusal(...args: Parameters<typeof check>): Promise<string[]> {
  const outcome: unknown = await check(...args).catch((error: unknown) => error);
  return errorsOf(() => {
    if (outcome !== undefined) throw outcome as Error;
  }).map(String);
}

test("up refuses certificates that clients would refuse, and says which", async () => {
  const own = { "shop/own": pem };
  expect(await refusal("web.dev.example.com", own)).toEqual([]);
  expect(await refusal("a.b.dev.example.com", own)).toEqual([
    'apps/app-0/app.ts: app "shop", workload "web": the certificate in the Secret shop/own is for DNS:shop.example.com, DNS:*.dev.example.com, and "a.b.dev.example.com" would answer with it. Put another certificate into the Secret. [CERTIFICATE_INVALID]',
  ]);
  const [expired] = await refusal("web.dev.example.com", own, new Date("2027-06-01T00:00:00Z"));
  expect(expired).toContain("the certificate in the Secret shop/own ended on ");
  expect(await refusal("web.dev.example.com", {})).toEqual([]);
});

test("the certificate of the stack's domain is looked at where it was put there by hand", async () => {
  const secret = { "petrichor-gateway/public-certificate": pem };
  expect(await refusal("web.dev.example.com", secret)).toEqual([]);
  const [expired] = await refusal("web.dev.example.com", secret, new Date("2027-06-01T00:00:00Z"));
  expect(expired).toMatch(
    /^stack "dev": the certificate in the Secret petrichor-gateway\/public-certificate ended on /,
  );
});
