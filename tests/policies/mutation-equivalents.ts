/**
 * Changes that make no difference to any object, by rule. All are defaults that stand for an absent field: they may be any value
 * that is not the wrong one.
 */
const otherText = /^turn {2}into ~ /;

export const equivalent: Readonly<Record<string, readonly RegExp[]>> = {
  "image-by-digest": [otherText],
  "image-from-registry": [otherText],
  "image-not-latest": [otherText],
  "apparmor-not-off": [otherText],
  "namespace-restricted": [otherText],
  "network-policy-names-peers": [otherText],
  "claims-outlive-sets": [otherText],
  "no-root-user": [/^turn 1 into 2 /],
  "seccomp-profile": [otherText],
  "ingress-encrypted": [otherText],
  "no-node-ports": [/^turn ClusterIP /],
  "budget-lets-drain": [/^turn 1 into 2 /, /^turn 1 into 0 at 111$/],
  "rollout-without-gap": [/^turn RollingUpdate /],
  "spread-over-nodes": [/^turn 1 into 0 /],
  "time-to-stop": [/^turn 30 /],
  "protected-stays": [otherText],
  "no-lasting-tokens": [/^turn Opaque /],
};

/** The same for rules in TypeScript: words of messages, and a default that no type needs. */
export const typedEquivalents: Readonly<Record<string, readonly RegExp[]>> = {
  "quota-covers-maximum": [/^turn "(CPU|memory|pods)" into /],
  "aws-encrypted-at-rest": [/^turn "" into "~" /],
};
