import { afterAll, beforeAll, expect } from "vitest";
import { createS3ObjectStore } from "../adapters/object-store/s3";
import { lookAtStore } from "../media/owner/look-at-store";
import { type ByteServer, serveBytesOf } from "./byte-server";
import { httpRequest } from "./http-request";
import { sampleOf } from "./sample-bytes";
import { startS3 } from "./start-s3";
import { callerFor, createTestServices, createTestUser, type TestServices } from "./test-context";

type Caller = Awaited<ReturnType<typeof callerFor>>;

/** The object stores that storage is tested on. */
export const storeKinds = ["disk", "S3"] as const;

/** For a `describe`: services on one kind of store, two users, and the steps that uploads are made of. */
export function useStorage(kind: (typeof storeKinds)[number]) {
  let closeStore = async () => {};
  const lab = {} as { services: TestServices; server: ByteServer; me: Caller; other: Caller };

  beforeAll(async () => {
    if (kind === "S3") {
      const s3 = await startS3();
      closeStore = s3.close;
      lab.services = await createTestServices({ objects: createS3ObjectStore(s3.config) });
    } else {
      lab.services = await createTestServices();
    }
    lab.services.config.mediaQuotaBytes = 2 ** 43;
    await lookAtStore(lab.services);
    lab.server = await serveBytesOf(lab.services);
    lab.me = await callerFor(lab.services, await createTestUser(lab.services));
    lab.other = await callerFor(lab.services, await createTestUser(lab.services));
  });
  afterAll(async () => {
    await lab.server.close();
    await lab.services.dispose();
    await closeStore();
  });

  const request: typeof httpRequest = (url, options) =>
    httpRequest(url.startsWith("http://fermata.test") ? lab.server.at(url) : url, options);
  const put = (url: string, headers: Record<string, string>, body: Uint8Array) =>
    request(url, {
      method: "PUT",
      headers: { "content-length": String(body.byteLength), ...headers },
      body,
    });
  const video = (sizeBytes = 3_000) => sampleOf("mp4", sizeBytes);
  const grant = (more: object = {}) =>
    lab.me.storage.getUploadUrl({ filename: "clip.mp4", contentType: "video/mp4", ...more });

  return Object.assign(lab, {
    request,
    put,
    video,
    grant,
    /** @returns the key of media that are ready */
    async store(bytes = video(), more: object = {}) {
      const { key, uploadUrl, headers } = await grant(more);
      expect((await put(uploadUrl, headers, bytes)).status).toBe(200);
      await lab.me.storage.completeUpload({ key });
      return key;
    },
    async content(bucket: "media-public" | "media-private", key: string) {
      const found = await lab.services.objects.get(bucket, key);
      return found && Buffer.from(await new Response(found.body).arrayBuffer());
    },
    async multipart(bytes: Uint8Array, more: object = {}) {
      const upload = await lab.me.storage.createMultipartUpload({
        filename: "film.mp4",
        contentType: "video/mp4",
        sizeBytes: bytes.byteLength,
        ...more,
      });
      const { key, partSizeBytes } = upload;
      const cut = (partNumber: number) =>
        bytes.subarray((partNumber - 1) * partSizeBytes, partNumber * partSizeBytes);
      const sendPart = async (partNumber: number, body = cut(partNumber)) => {
        const { urls } = await lab.me.storage.signParts({ key, parts: [{ partNumber }] });
        const answer = await put(urls[0]?.url ?? "", urls[0]?.headers ?? {}, body);
        return { status: answer.status, partNumber, etag: String(answer.headers.etag) };
      };
      return { ...upload, cut, sendPart };
    },
  });
}
