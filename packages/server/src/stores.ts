// The stores of bytes that a server may be given: `@fermata/server/stores`.
import { createDiskObjectStore } from "./adapters/object-store/disk";
import { createLazyS3ObjectStore } from "./adapters/object-store/lazy-s3";
import type { S3ObjectStoreConfig } from "./adapters/object-store/s3/config";
import { FermataOptionError } from "./door/fermata-error";
import type { StoreFactory } from "./door/store-factory";

export type { S3ObjectStoreConfig, StoreFactory };

/**
 * Cloudflare R2, or any S3: browsers send heavy media straight to it.
 * @throws FermataOptionError where both buckets are one
 */
export function s3Store(config: S3ObjectStoreConfig): StoreFactory {
  if (config.publicBucket === config.privateBucket)
    throw new FermataOptionError(
      "store",
      "needs two buckets: what is private would be readable in the public one.",
    );
  const objects = createLazyS3ObjectStore(config);
  return () => ({ name: "s3", objects, handle: null, endpoint: null });
}

/** A directory of this machine's: for one server, and for development. It is made where it is missing. */
export function diskStore({ directory }: { directory: string }): StoreFactory {
  if (typeof directory !== "string" || directory === "")
    throw new FermataOptionError("store", "needs a directory: diskStore({ directory }).");
  return ({ secret, clock, basePath, onPart, completeWithLast, stateOf }) => {
    const store = createDiskObjectStore({
      dir: directory,
      secret,
      clock,
      basePath,
      onPart,
      completeWithLast,
      stateOf,
    });
    return { name: "disk", objects: store, directory, handle: store.handle, endpoint: store };
  };
}
