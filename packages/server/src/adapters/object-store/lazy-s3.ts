import type { ObjectStore } from "../../ports/object-store";
import { publicUrlIn, type S3ObjectStoreConfig, s3Traits } from "./s3/config";

/** The same store, whose SDK loads when it is first asked: an app starts without it, and one with another store never loads it. */
export function createLazyS3ObjectStore(config: S3ObjectStoreConfig): ObjectStore {
  let opened: Promise<ObjectStore> | undefined;
  let store: ObjectStore | undefined;
  const open = () => {
    opened ??= import("./s3").then(({ createS3ObjectStore }) => {
      store = createS3ObjectStore(config);
      return store;
    });
    return opened;
  };
  return {
    ...s3Traits,
    get etagIsMd5() {
      return store?.etagIsMd5 ?? true;
    },
    publicUrl: (key) => publicUrlIn(config, key),
    put: async (...asked) => (await open()).put(...asked),
    head: async (...asked) => (await open()).head(...asked),
    describe: async (...asked) => (await open()).describe(...asked),
    get: async (...asked) => (await open()).get(...asked),
    copy: async (...asked) => (await open()).copy(...asked),
    copyPatched: async (...asked) => (await open()).copyPatched(...asked),
    delete: async (...asked) => (await open()).delete(...asked),
    list: async (...asked) => (await open()).list(...asked),
    readMarks: async () => (await open()).readMarks(),
    writeMarks: async (...asked) => (await open()).writeMarks(...asked),
    signPut: async (...asked) => (await open()).signPut(...asked),
    signGet: async (...asked) => (await open()).signGet(...asked),
    createMultipartUpload: async (...asked) => (await open()).createMultipartUpload(...asked),
    signParts: async (...asked) => (await open()).signParts(...asked),
    completeMultipartUpload: async (...asked) => (await open()).completeMultipartUpload(...asked),
    listMultipartUploads: async (...asked) => (await open()).listMultipartUploads(...asked),
    abortMultipartUpload: async (...asked) => (await open()).abortMultipartUpload(...asked),
  };
}
