import { z } from "zod";
import { dnsLabelLimit, dnsLabelPattern } from "../../kube/names";
import { type Cpu, type Duration, type Percent, type Size, type WholeDuration, unitPatterns } from "../../kube/units";

/** What each unit looks like, for messages: a value in another unit has an error code of its own. */
export const unitExpectations = {
  duration: 'a whole number with its unit, "ms", "s", "m", "h" or "d", for example "30s"',
  wholeDuration: 'a whole number with its unit, "s", "m", "h" or "d", for example "30s"',
  size: 'a whole number with its unit, "Ki", "Mi", "Gi" or "Ti", for example "128Mi"',
  cpu: 'cores or thousandths of a core in quotes, for example "0.5" or "250m"',
  percent: 'a whole percentage from 0% to 100%, for example "70%"',
} as const;

const unitExamples = { duration: "250ms", wholeDuration: "30s", size: "128Mi", cpu: "250m", percent: "70%" } as const;

function unit<T extends string>(name: keyof typeof unitExpectations): z.ZodType<T, T> {
  const error = unitExpectations[name];
  const examples = [unitExamples[name]];
  return z.string({ error }).regex(unitPatterns[name], { error }).meta({ examples }) as unknown as z.ZodType<T, T>;
}

/** A length of time. */
export const duration = unit<Duration>("duration");
/** A length of time that Kubernetes counts in whole seconds. */
export const seconds = unit<WholeDuration>("wholeDuration");
/** A number of bytes. */
export const size = unit<Size>("size");
/** A share of processor time. */
export const cpu = unit<Cpu>("cpu");
/** A share of a hundred. */
export const percent = unit<Percent>("percent");

/** Text of a given form; `expected` says it in words for messages. */
export function text(pattern: RegExp, expected: string) {
  return z.string({ error: expected }).regex(pattern, { error: expected });
}

/** The name of something in a pod: a DNS label, shorter where Kubernetes puts more into it. */
export function labelOf(what: string, limit: number) {
  const expected = `the name of ${what}: lower-case letters, digits and dashes, first and last no dash, at most ${limit}`;
  return text(dnsLabelPattern, expected).max(limit, { error: expected });
}

const labelExpected = `lower-case letters, digits and dashes, first and last no dash, at most ${dnsLabelLimit}`;
/** The name of an app, workload or port: a DNS label. */
export const label = text(dnsLabelPattern, labelExpected).max(dnsLabelLimit, { error: labelExpected });
/** The name of a Kubernetes object that is there already. */
export const objectName = text(
  /^(?=.{1,253}$)[a-z0-9]([-a-z0-9.]*[a-z0-9])?$/,
  'the name of a Kubernetes object, for example "shop-keys"',
);
/** An environment variable. */
export const variable = text(
  /^[A-Za-z_][A-Za-z0-9_]*$/,
  'the name of an environment variable, for example "LOG_LEVEL"',
);
/** An absolute path inside a container. */
export const absolutePath = text(
  /^\/(?!.*(?:^|\/)\.\.(?:\/|$))[^:\0]*$/,
  'an absolute path without ".." or ":", for example "/data"',
);
/** A TCP or UDP port. */
export const port = z.int({ error: "a whole number from 1 to 65535" }).min(1).max(65_535);
/** A host name. */
export const host = text(
  /^(?=.{1,253}$)[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?(\.[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?)+$/,
  'a host name in lower case, for example "shop.example.com"',
);
/** A whole number or a share, for example how many pods may be down. */
export const countOrPercent = z.union([z.int().min(0), percent], {
  error: 'a whole number of pods or a percentage, for example 1 or "25%"',
});
