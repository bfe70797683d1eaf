import { type ByteServer, serveBytesOf } from "./byte-server";
import type { HttpAnswer } from "./http-request";
import { sampleOf } from "./sample-bytes";
import { callerFor, createTestServices, createTestUser, type TestServices } from "./test-context";

type LibraryCaller = Awaited<ReturnType<typeof callerFor>>;
type FileCaller = Pick<LibraryCaller, "files">;

/** An app's own services and procedures, beside the library's. */
interface Harness<Services extends TestServices, Caller extends FileCaller> {
  createTestServices(): Promise<Services>;
  callerFor(services: Services, who: { id: string }): Promise<Caller>;
}

interface FileLab<Services extends TestServices, Caller extends FileCaller> {
  services: Services;
  server: ByteServer;
  user: Awaited<ReturnType<typeof createTestUser>>;
  me: Caller;
  other: Caller;
  post(
    url: string,
    body: Uint8Array | string,
    headers?: Record<string, string>,
  ): Promise<HttpAnswer>;
  /** @returns the id of a file that holds these bytes */
  upload(body?: Uint8Array | string, type?: string, as?: FileCaller): Promise<string>;
  storedKeys(): Promise<string[]>;
  close(): Promise<void>;
}

/** Two users with files of their own, on a real database and store, behind real HTTP. */
export const openFileLab = () => openFileLabOf({ createTestServices, callerFor });

export async function openFileLabOf<Services extends TestServices, Caller extends FileCaller>(
  harness: Harness<Services, Caller>,
): Promise<FileLab<Services, Caller>> {
  const services = await harness.createTestServices();
  // Every refused upload leaves a grant of 5 MiB open.
  services.config.filesQuotaBytes = 2 ** 33;
  const server = await serveBytesOf(services);
  const user = await createTestUser(services);
  const me = await harness.callerFor(services, user);
  const other = await harness.callerFor(services, await createTestUser(services));

  const post = (url: string, body: Uint8Array | string, headers: Record<string, string> = {}) =>
    server.request(url, { method: "POST", body, headers });

  return {
    services,
    server,
    user,
    me,
    other,
    post,
    async upload(body = png(), type = "image/png", as = me) {
      const { url } = await as.files.generateUploadUrl();
      const answer = await post(url, body, { "content-type": type });
      if (answer.status !== 200) throw new Error(`not stored: ${answer.text}`);
      return (JSON.parse(answer.text) as { storageId: string }).storageId;
    },
    async storedKeys() {
      const { items } = await services.objects.list("files", { limit: 1000 });
      return items.map((item) => item.key);
    },
    async close() {
      await server.close();
      await services.dispose();
    },
  };
}

/** Bytes that begin as a PNG does. */
export const png = (sizeBytes?: number) => sampleOf("png", sizeBytes);

export const appCode = (answer: { text: string }): string => JSON.parse(answer.text).error.appCode;
