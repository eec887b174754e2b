import { kinds } from "../kinds";
import type { ObjectRule } from "../rule";

export const noLastingTokens: ObjectRule = {
  scope: "object",
  name: "no-lasting-tokens",
  topic: "identity",
  title: "Tokens of accounts expire",
  why: "A token in a Secret never expires and is not bound to any pod: once leaked it works until someone notices.",
  remedy: "Let pods mount their token, or ask for one with kubectl create token",
  level: "mandatory",
  frameworks: { cis: "5.1.6", nsa: "Authentication and authorization" },
  match: [kinds.Secret],
  expression: "object.?type.orValue('Opaque') != 'kubernetes.io/service-account-token'",
  message: "'it holds a token that never expires'",
};
