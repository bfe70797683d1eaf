import { createDiskObjectStore } from "../adapters/object-store/disk";
import { createS3ObjectStore, type S3ObjectStoreConfig } from "../adapters/object-store/s3";
import type { Services } from "../context";
import { completeWhenWhole } from "../media/uploads/complete-when-whole";
import { recordPart } from "../media/uploads/record-part";
import { uploadState } from "../media/uploads/upload-state";
import type { ObjectStore } from "../ports/object-store";
import { serveBytesOf } from "./byte-server";
import { httpRequest } from "./http-request";
import { sampleOf } from "./sample-bytes";
import { callerFor, createServicesOn, type TestServices } from "./test-context";

export type StorePlace = { dir: string } | { s3: S3ObjectStoreConfig };

/** Services on a database and a store that other processes use, too. */
export async function openSharedStorage(url: string, place: StorePlace): Promise<TestServices> {
  if ("s3" in place) return createServicesOn(url, { objects: createS3ObjectStore(place.s3) });
  const services = await createServicesOn(url);
  const { db, pool, clock } = services;
  const objects: ObjectStore = createDiskObjectStore({
    dir: place.dir,
    secret: "one that these processes share",
    clock,
    onPart: (part) => recordPart({ db, clock }, part),
    completeWithLast: (upload, origin) => completeWhenWhole({ ...shared, origin }, upload),
    stateOf: (upload) => uploadState({ pool }, upload),
  });
  const shared: TestServices = { ...services, objects };
  return shared;
}

/** Begins, sends, completes, aborts and deletes uploads without end. */
async function keepUploading(services: Services, userId: string): Promise<never> {
  services.config.mediaQuotaBytes = 2 ** 40;
  const server = await serveBytesOf(services);
  const me = (await callerFor(services, { id: userId })).storage;
  const put = (url: string, headers: Record<string, string>, body: Uint8Array) =>
    httpRequest(url.startsWith("http://fermata.test") ? server.at(url) : url, {
      method: "PUT",
      headers: { ...headers, "content-length": String(body.byteLength) },
      body,
    });
  const type = { filename: "film.bin", contentType: "application/octet-stream" };
  const whole = async (visibility: "public" | "private") => {
    const body = sampleOf("mp4", 5_000);
    const { key, uploadUrl, headers } = await me.getUploadUrl({ ...type, visibility });
    await put(uploadUrl, headers, body);
    return key;
  };
  const inParts = async (more: Record<string, string> = {}) => {
    const body = sampleOf("mp4", 20_000);
    const upload = await me.createMultipartUpload({ ...type, sizeBytes: body.length });
    const { key } = upload;
    const { urls } = await me.signParts({ key, parts: [{ partNumber: 1 }] });
    const { headers } = await put(urls[0]?.url ?? "", { ...urls[0]?.headers, ...more }, body);
    return { key, parts: [{ partNumber: 1, etag: String(headers.etag) }] };
  };
  const works = [
    async () => me.completeUpload({ key: await whole("public") }),
    async () => me.completeUpload({ key: await whole("private") }),
    async () => me.completeMultipartUpload(await inParts()),
    async () => me.completeMultipartUpload(await inParts({ "upload-complete": "?1" })),
    async () => me.abortUpload({ key: await whole("public") }),
    async () => me.abortUpload({ key: (await inParts()).key }),
    async () => {
      const { key } = await me.completeUpload({ key: await whole("public") });
      return me.delete({ key });
    },
    // Said to be a picture: it fails, and its bytes are deleted.
    async () => {
      const { key, uploadUrl, headers } = await me.getUploadUrl({
        ...type,
        contentType: "image/png",
      });
      await put(uploadUrl, headers, sampleOf("mp4", 3_000));
      return me.completeUpload({ key }).catch(() => {});
    },
  ];
  for (;;) {
    await Promise.all(works.map((work) => work()));
    process.stdout.write("uploading\n");
  }
}

// A server process of its own that is killed somewhere in the midst.
const [, script = "", url, userId, place] = process.argv;
if (script.endsWith("uploading-server.ts") && url && userId && place) {
  await keepUploading(await openSharedStorage(url, JSON.parse(place)), userId);
}
