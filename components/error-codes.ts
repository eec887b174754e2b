/** What an error code means to a script: the exit code, and to a reader: the title on the reference page. */
interface CodeEntry {
  readonly title: string;
  /** 2 = the input is wrong, 3 = the machine lacks something, 4 = the cluster or engine failed. */
  readonly exit: 2 | 3 | 4;
}

/**
 * The registry of every error code. Codes are stable: scripts match on them. Add a code here, document it by its title,
 * and reach it in a test; `docs/reference/errors.md` is generated from this table.
 */
export const codes = {
  // input: stacks, apps, releases
  STACK_UNKNOWN: { title: "There is no stack of that name", exit: 2 },
  STACK_INVALID: { title: "The stack file breaks the schema", exit: 2 },
  APP_UNKNOWN: { title: "There is no app of that name", exit: 2 },
  APP_FILE_BROKEN: { title: "The app file can't be read or compiled", exit: 2 },
  APP_DUPLICATE: { title: "Two app files have the same name", exit: 2 },
  FOLDER_TAKEN: { title: "The folder for a new app has files already", exit: 2 },
  PROGRAM_MISSING: { title: "The image of a container lacks the program that shall run in it", exit: 2 },
  WORKLOAD_UNKNOWN: { title: "There is no workload of that name", exit: 2 },
  FIELD_MISSING: { title: "A field that must be there is missing", exit: 2 },
  FIELD_UNKNOWN: { title: "There is no field of that name there", exit: 2 },
  FIELD_TYPE: { title: "A field has a value of another type", exit: 2 },
  FIELD_FORMAT: { title: "A field has text of another form", exit: 2 },
  FIELD_UNIT: { title: "A quantity has no unit, or an unknown one", exit: 2 },
  FIELD_RANGE: { title: "A number or a text is too large or too small", exit: 2 },
  FIELD_VALUE: { title: "A field has a value that is not one of those it may have", exit: 2 },
  FIELD_NAME: { title: "A name in a map has the wrong form", exit: 2 },
  FIELD_CONFLICT: { title: "Two fields contradict each other", exit: 2 },
  IMAGE_UNPINNED: { title: "An image is named by a tag and the release file has no digest for it", exit: 2 },
  SOURCE_UNSUPPORTED: { title: "There is no builder for this kind of source yet", exit: 2 },
  LINK_UNKNOWN: { title: "A link leads to a workload or a port that is not there", exit: 2 },
  LINK_CYCLE: { title: "Workloads wait for each other in a circle", exit: 2 },
  HOST_TAKEN: { title: "Two workloads ask for the same address", exit: 2 },
  HOST_FOREIGN: { title: "A host is outside the domain of the stack", exit: 2 },
  HOST_UNCERTIFIED: { title: "No certificate covers the host", exit: 2 },
  CERTIFICATE_INVALID: { title: "A certificate has expired, or is for other hosts", exit: 2 },
  REGEX_INVALID: { title: "A regular expression can't be read", exit: 2 },
  PORT_OUTSIDE_POOL: { title: "A port at the load balancer is outside the pool of the stack", exit: 2 },
  PORT_POOL_FULL: { title: "The pool of the stack has no port left", exit: 2 },
  PORT_LIMIT: { title: "A load balancer would have more ports than it can serve", exit: 2 },
  PORT_UNALLOCATED: { title: "The release file gives no port to an address with an automatic one", exit: 2 },
  PORT_DUPLICATE: { title: "A workload has the same port twice", exit: 2 },
  PORT_UNKNOWN: { title: "A field names a port that the workload does not have", exit: 2 },
  NAME_TAKEN: { title: "Two objects would have the same name", exit: 2 },
  TRANSFORM_FAILED: { title: "A transform does not fit the object, or changes what it is", exit: 2 },
  NAME_RESERVED: { title: "The name belongs to Kubernetes or the platform", exit: 2 },
  RELEASE_MISSING: { title: "The release file names no digest for a workload that is built from source", exit: 2 },
  RELEASE_INVALID: { title: "The release file breaks the schema", exit: 2 },
  // input: clusters
  CLUSTER_REGION_UNKNOWN: { title: "The cloud has no such region, or none that suits a cluster", exit: 2 },
  CLUSTER_VERSION_UNSUPPORTED: {
    title: "The cloud doesn't offer that Kubernetes version in standard support",
    exit: 2,
  },
  CLUSTER_NETWORK_INVALID: {
    title: "A network of the cluster is not an address block, or has the wrong size",
    exit: 2,
  },
  CLUSTER_NETWORK_OVERLAP: { title: "Two networks that have to reach each other share addresses", exit: 2 },
  CLUSTER_ZONES_INVALID: { title: "The cluster's zones are not zones of its region", exit: 2 },
  CLUSTER_ENDPOINT_OPEN: { title: "The cluster's API server would be open to the whole internet", exit: 2 },
  CLUSTER_FACTS_UNKNOWN: { title: "Something about a cluster is neither declared nor locked", exit: 2 },
  CLUSTER_FACTS_CONTRADICT: { title: "The facts of a cluster contradict each other, or what was found there", exit: 2 },
  CLUSTER_NAME_INVALID: { title: "The name can't be that of an embedded cluster", exit: 2 },
  // input: placement, promotion
  INFRASTRUCTURE_NONE: { title: "The cluster has no infrastructure of ours", exit: 2 },
  PLACEMENT_NO_CLUSTER: { title: "No cluster has the labels that an app's placement asks for", exit: 2 },
  PLACEMENT_WOULD_MOVE: { title: "An app would leave the cluster it runs on without a plan", exit: 2 },
  MOVE_IMPOSSIBLE: { title: "The app can't be moved to that cluster", exit: 2 },
  RELEASE_LOCKED: { title: "Another command is changing the release file", exit: 2 },
  RELEASE_CHANGED: { title: "The release file was changed while a command worked on it", exit: 2 },
  RELEASE_FROZEN: { title: "The release file doesn't say everything, and --frozen forbids to complete it", exit: 2 },
  REVISION_UNKNOWN: { title: "The release file has no such revision", exit: 2 },
  PROMOTION_NOT_RUNNING: { title: "The environment doesn't run the digest that would be promoted", exit: 2 },
  PROMOTION_AGAINST_POLICY: { title: "The target environment's rules would refuse what would be promoted", exit: 2 },
  PROMOTION_UNHEALTHY: { title: "The environment runs the digest, but not well", exit: 2 },
  // input: volumes
  VOLUME_SHRINK: { title: "A volume would become smaller", exit: 2 },
  VOLUME_GROWTH_UNSUPPORTED: { title: "A volume would grow, and its storage class can't do that", exit: 2 },
  VOLUME_CLASS_FIXED: { title: "A volume would move to another storage class", exit: 2 },
  VOLUME_UNKNOWN: { title: "No data is kept under that name", exit: 2 },
  VOLUME_IN_USE: { title: "Data was named for deletion that something still uses", exit: 2 },
  // input: policies
  POLICY_VIOLATED: { title: "An object breaks a mandatory rule of the environment", exit: 2 },
  EXEMPTION_EXPIRED: { title: "The leave to break a rule has run out", exit: 2 },
  EXEMPTION_RULE_UNKNOWN: { title: "An exemption names a rule that doesn't exist", exit: 2 },
  RULE_UNKNOWN: { title: "There is no rule of that name", exit: 2 },
  REPORT_FORM_UNKNOWN: { title: "A report can't be written in the form that the file name asks for", exit: 2 },
  PRICES_INVALID: { title: "The price file can't be read or breaks the schema", exit: 2 },
  // machine: toolchain and embedded cluster
  GO_MISSING: { title: "Go is not installed or too old", exit: 3 },
  TOOL_BUILD_FAILED: { title: "A tool could not be built", exit: 3 },
  DISK_FULL: { title: "The folder has no space left", exit: 3 },
  MACHINE_UNSUITABLE: { title: "The machine can't run the embedded cluster", exit: 3 },
  PLUGIN_MISSING: { title: "The engine's plugin for a cloud is not installed and could not be fetched", exit: 3 },
  PORT_IN_USE: { title: "A port the embedded cluster needs is taken", exit: 3 },
  // running
  CLUSTER_PROTECTED: { title: "The cluster's infrastructure is protected from deletion", exit: 2 },
  CLUSTER_NOT_EMPTY: { title: "Load balancers or volumes would stay behind in the cloud", exit: 4 },
  MOVE_STALLED: { title: "An app did not become ready on the cluster it is moved to", exit: 4 },
  COPY_FAILED: { title: "An image could not be brought to another registry", exit: 4 },
  CLUSTER_UNREACHABLE: { title: "The cluster's API server does not answer", exit: 4 },
  CLUSTER_START_FAILED: { title: "A part of the embedded cluster did not become ready", exit: 4 },
  BUILD_FAILED: { title: "The source of a workload could not be built into an image", exit: 4 },
  SECRET_MISSING: { title: "A Secret that another app makes is not there", exit: 4 },
  OBJECT_EXISTS: { title: "An object exists on the cluster that the stack's state doesn't know", exit: 4 },
  STACK_LOCKED: { title: "Another process works on the stack", exit: 4 },
  IMAGE_PULL_FAILED: { title: "A node can't get an image", exit: 4 },
  APP_CRASHED: { title: "A container of an app ends again and again", exit: 4 },
  DEPLOY_JOB_FAILED: { title: "A job that has to succeed before or after a roll-out failed", exit: 4 },
  ENGINE_NEEDED: { title: "An engine is turned off that another one needs", exit: 2 },
  ENGINE_LACKING: { title: "A field asks for something that no engine of the platform does", exit: 2 },
  ENGINE_VERSION: {
    title: "A cluster runs an engine of its own in a version that the platform wasn't made for",
    exit: 2,
  },
  BUNDLE_MISSING: { title: "The manifests of an engine have not been rendered yet", exit: 3 },
  ENGINE_FAILED: { title: "The Pulumi engine reported an error", exit: 4 },
} as const satisfies Record<string, CodeEntry>;

export type ErrorCode = keyof typeof codes;
