import type { Rule } from "../rule";
import { apparmorNotOff } from "./apparmor-not-off";
import { awsApiServerClosed } from "./aws-api-server-closed";
import { awsDeletionProtected } from "./aws-deletion-protected";
import { awsEncryptedAtRest } from "./aws-encrypted-at-rest";
import { awsImagesImmutable } from "./aws-images-immutable";
import { awsKeysRotated } from "./aws-keys-rotated";
import { awsLogsKept } from "./aws-logs-kept";
import { awsNoOpenPorts } from "./aws-no-open-ports";
import { awsNoPublicBuckets } from "./aws-no-public-buckets";
import { awsNoWildcardPolicies } from "./aws-no-wildcard-policies";
import { awsTagged } from "./aws-tagged";
import { awsVersionSupported } from "./aws-version-supported";
import { azureApiServerClosed } from "./azure-api-server-closed";
import { azureDataRecoverable } from "./azure-data-recoverable";
import { azureEncryptedAtRest } from "./azure-encrypted-at-rest";
import { azureNoLocalAccounts } from "./azure-no-local-accounts";
import { azureNoOpenPorts } from "./azure-no-open-ports";
import { azureNoPublicStorage } from "./azure-no-public-storage";
import { azureTagged } from "./azure-tagged";
import { azureVersionSupported } from "./azure-version-supported";
import { budgetLetsDrain } from "./budget-lets-drain";
import { budgetPresent } from "./budget-present";
import { capabilitiesDropped } from "./capabilities-dropped";
import { claimsOutliveSets } from "./claims-outlive-sets";
import { costBelowCeiling } from "./cost-below-ceiling";
import { defaultDenyPresent } from "./default-deny-present";
import { gatewayEncrypted } from "./gateway-encrypted";
import { hostInDomain } from "./host-in-domain";
import { imageByDigest } from "./image-by-digest";
import { imageFromRegistry } from "./image-from-registry";
import { imageNotLatest } from "./image-not-latest";
import { ingressEncrypted } from "./ingress-encrypted";
import { memoryLimited } from "./memory-limited";
import { namespaceRestricted } from "./namespace-restricted";
import { networkPolicyNamesPeers } from "./network-policy-names-peers";
import { noAnonymousAccess } from "./no-anonymous-access";
import { noCatchAllHosts } from "./no-catch-all-hosts";
import { noClusterAdmin } from "./no-cluster-admin";
import { noEscalatingVerbs } from "./no-escalating-verbs";
import { noExternalIps } from "./no-external-ips";
import { noHostNamespaces } from "./no-host-namespaces";
import { noHostPath } from "./no-host-path";
import { noHostPorts } from "./no-host-ports";
import { noLastingTokens } from "./no-lasting-tokens";
import { noLegacyVolumes } from "./no-legacy-volumes";
import { noNodePorts } from "./no-node-ports";
import { noPrivilegeEscalation } from "./no-privilege-escalation";
import { noPrivilegedContainers } from "./no-privileged-containers";
import { noProbeHosts } from "./no-probe-hosts";
import { noRootUser } from "./no-root-user";
import { noSecretLiterals } from "./no-secret-literals";
import { noWayIntoPods } from "./no-way-into-pods";
import { noWildcardRoles } from "./no-wildcard-roles";
import { noWindowsHostProcess } from "./no-windows-host-process";
import { ownerNamed } from "./owner-named";
import { procMountDefault } from "./proc-mount-default";
import { protectedStays } from "./protected-stays";
import { quotaCoversMaximum } from "./quota-covers-maximum";
import { readOnlyRootFilesystem } from "./read-only-root-filesystem";
import { readyWhenAsked } from "./ready-when-asked";
import { replicasEnough } from "./replicas-enough";
import { resourcesRequested } from "./resources-requested";
import { rolloutWithoutGap } from "./rollout-without-gap";
import { runAsNonRoot } from "./run-as-non-root";
import { safeSysctls } from "./safe-sysctls";
import { scalingBounded } from "./scaling-bounded";
import { scratchBounded } from "./scratch-bounded";
import { seccompProfile } from "./seccomp-profile";
import { secretsByName } from "./secrets-by-name";
import { selinuxConfined } from "./selinux-confined";
import { serviceHasPods } from "./service-has-pods";
import { spreadOverNodes } from "./spread-over-nodes";
import { timeToStop } from "./time-to-stop";
import { tokenOnlyWhereUsed } from "./token-only-where-used";

/** Every rule, in the order in which they are listed. */
export const rules: readonly Rule[] = [
  imageByDigest,
  imageFromRegistry,
  imageNotLatest,
  apparmorNotOff,
  capabilitiesDropped,
  memoryLimited,
  namespaceRestricted,
  noHostNamespaces,
  noHostPath,
  noHostPorts,
  noLegacyVolumes,
  noPrivilegeEscalation,
  noPrivilegedContainers,
  noProbeHosts,
  noRootUser,
  noWindowsHostProcess,
  procMountDefault,
  readOnlyRootFilesystem,
  readyWhenAsked,
  resourcesRequested,
  runAsNonRoot,
  safeSysctls,
  seccompProfile,
  selinuxConfined,
  gatewayEncrypted,
  hostInDomain,
  ingressEncrypted,
  networkPolicyNamesPeers,
  defaultDenyPresent,
  serviceHasPods,
  noCatchAllHosts,
  noExternalIps,
  noNodePorts,
  budgetLetsDrain,
  rolloutWithoutGap,
  spreadOverNodes,
  timeToStop,
  budgetPresent,
  replicasEnough,
  scalingBounded,
  quotaCoversMaximum,
  costBelowCeiling,
  claimsOutliveSets,
  protectedStays,
  scratchBounded,
  noAnonymousAccess,
  noClusterAdmin,
  noEscalatingVerbs,
  noLastingTokens,
  noSecretLiterals,
  noWayIntoPods,
  noWildcardRoles,
  ownerNamed,
  secretsByName,
  tokenOnlyWhereUsed,
  awsApiServerClosed,
  awsDeletionProtected,
  awsEncryptedAtRest,
  awsImagesImmutable,
  awsKeysRotated,
  awsLogsKept,
  awsNoOpenPorts,
  awsNoPublicBuckets,
  awsNoWildcardPolicies,
  awsTagged,
  awsVersionSupported,
  azureApiServerClosed,
  azureDataRecoverable,
  azureEncryptedAtRest,
  azureNoLocalAccounts,
  azureNoOpenPorts,
  azureNoPublicStorage,
  azureTagged,
  azureVersionSupported,
];

/** The rules that are judged by the API server too. */
export const objectRules = rules.filter((rule) => rule.scope === "object");
/** The rules about several objects of a stack. */
export const stackRules = rules.filter((rule) => rule.scope === "stack");
/** The rules about resources of clouds. */
export const cloudRules = rules.filter((rule) => rule.scope === "cloud");
