import type { AppModel, WorkloadModel } from "../app/model/types";
import type { Capabilities } from "../app/objects/context";
import type { ClusterFacts } from "../cluster/facts";
import type { KubeObject } from "../kube/object";
import type { ReadUpstream, UpstreamSource } from "./upstream";

/** One image that an engine runs. */
export interface EngineImage {
  /** Where it is published, with tag and, where upstream names one, digest. */
  readonly published: string;
  /** The tool that makes the same image on a machine without internet, for example `envoy-image`. Absent: none does. */
  readonly tool?: string;
}

/** What an engine's objects are made from. */
export interface EngineContext {
  readonly facts: ClusterFacts;
  readonly settings: PlatformSettings;
  /** What all the engines of the cluster do for apps. */
  readonly capabilities: Capabilities;
  /** The reference of one of the engine's images on this cluster. */
  readonly image: (name: string) => string;
  /** The objects that one of the engine's sources renders to; they are shared and must not be changed. */
  readonly upstream: ReadUpstream;
}

/** What of a stack engines know. */
export interface PlatformSettings {
  /** Domain under which apps get their hosts. */
  readonly domain: string;
  /** What tells this cluster's DNS records from those of others, for example `prod-aws-eu`. */
  readonly owner: string;
  /** How certificates are asked for. Absent: they are not. */
  readonly certificates?: CertificateSettings;
}

/** How certificates are asked for by ACME. */
export interface CertificateSettings {
  /** Whom the authority writes to before a certificate ends. */
  readonly email: string;
  /** Let's Encrypt's directory of that name, or the address of another authority's. */
  readonly directory: string;
}

/** A third-party system that the platform installs. */
export interface Engine {
  /** Name in stack files and messages, for example `envoy-gateway`. */
  readonly id: string;
  /** Exact version of the system. */
  readonly version: string;
  /** What it is for, as the end of a sentence. */
  readonly purpose: string;
  /** Engines whose objects must stand before. */
  readonly needs: readonly Engine[];
  readonly upstream: readonly UpstreamSource[];
  readonly images: Readonly<Record<string, EngineImage>>;
  /** Whether a cluster with these facts has work for it; on others it is left out. Default: always. */
  readonly isWanted?: (facts: ClusterFacts) => boolean;
  /** What apps may leave to the platform because this engine does it. */
  readonly capabilities: Capabilities;
  /** Everything that the engine consists of, definitions of its kinds included. Pure. */
  objects(context: EngineContext): readonly KubeObject[];
  /**
   * Objects of its kinds that the platform itself has. They are made once the engine is ready and taken down while it still runs,
   * because it holds their finalizers. Pure. Default: none.
   */
  resources?(context: EngineContext): readonly KubeObject[];
  /** What one workload needs from the engine: a route, a scaler, a monitor. Pure. */
  forWorkload?(app: AppModel, workload: WorkloadModel, context: EngineContext): readonly KubeObject[];
}
