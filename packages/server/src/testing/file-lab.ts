import { serveBytesOf } from "./byte-server";
import { sampleOf } from "./sample-bytes";
import { callerFor, createTestServices, createTestUser } from "./test-context";

/** Two users with files of their own, on a real database and store, behind real HTTP. */
export async function openFileLab() {
  const services = await createTestServices();
  // Every refused upload leaves a grant of 5 MiB open.
  services.config.filesQuotaBytes = 2 ** 33;
  const server = await serveBytesOf(services);
  const user = await createTestUser(services);
  const me = await callerFor(services, user);
  const other = await callerFor(services, await createTestUser(services));

  const post = (url: string, body: Uint8Array | string, headers: Record<string, string> = {}) =>
    server.request(url, { method: "POST", body, headers });

  return {
    services,
    server,
    user,
    me,
    other,
    post,
    /** @returns the id of a file that holds these bytes */
    async upload(body: Uint8Array | string = png(), type = "image/png", as = me): Promise<string> {
      const { url } = await as.files.generateUploadUrl();
      const answer = await post(url, body, { "content-type": type });
      if (answer.status !== 200) throw new Error(`not stored: ${answer.text}`);
      return (JSON.parse(answer.text) as { storageId: string }).storageId;
    },
    async storedKeys(): Promise<string[]> {
      const { items } = await services.objects.list("files", { limit: 1000 });
      return items.map((item) => item.key);
    },
    async close(): Promise<void> {
      await server.close();
      await services.dispose();
    },
  };
}

/** Bytes that begin as a PNG does. */
export const png = (sizeBytes?: number) => sampleOf("png", sizeBytes);

export const appCode = (answer: { text: string }): string => JSON.parse(answer.text).error.appCode;
