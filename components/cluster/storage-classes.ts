/** StorageClass of volumes that one node mounts at a time; made by us on every cloud cluster, so that apps move between clouds. */
export const blockStorageClass = "block";

/** StorageClass of volumes that several nodes mount at once. */
export const sharedStorageClass = "shared";
