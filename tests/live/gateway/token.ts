import { generateKeyPairSync, sign } from "node:crypto";

/** An issuer of tokens of the test's own. */
export class Issuer {
  readonly #keys = generateKeyPairSync("rsa", { modulusLength: 2048 });
  readonly name = "https://id.example.com";

  /** Its public keys, as JSON. */
  get jwks(): string {
    return JSON.stringify({ keys: [{ ...this.#keys.publicKey.export({ format: "jwk" }), kid: "test", alg: "RS256" }] });
  }

  token(claims: Readonly<Record<string, unknown>>): string {
    const now = Math.floor(Date.now() / 1000);
    const parts = [
      { alg: "RS256", typ: "JWT", kid: "test" },
      { iss: this.name, iat: now, exp: now + 3600, ...claims },
    ].map((part) => Buffer.from(JSON.stringify(part)).toString("base64url"));
    const signature = sign("RSA-SHA256", Buffer.from(parts.join(".")), this.#keys.privateKey);
    return [...parts, signature.toString("base64url")].join(".");
  }
}
