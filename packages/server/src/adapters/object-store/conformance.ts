import { afterAll, beforeAll, describe } from "vitest";
import { describeBytesByKey } from "./conformance/bytes-by-key";
import { describeMultipartUpload } from "./conformance/multipart-upload";
import { OpenedStore, type StoreUnderTest } from "./conformance/opened-store";
import { describeSignedGet } from "./conformance/signed-get";
import { describeSignedPut } from "./conformance/signed-put";

/** What every object store must do. Each adapter's test runs all of it against the real thing. */
export function describeObjectStore(name: string, open: () => Promise<StoreUnderTest>): void {
  describe(`${name} as an object store`, () => {
    const opened = new OpenedStore();
    beforeAll(() => opened.open(open));
    afterAll(() => opened.close());
    describeBytesByKey(opened);
    describeSignedPut(opened);
    describeSignedGet(opened);
    describeMultipartUpload(opened);
  });
}
