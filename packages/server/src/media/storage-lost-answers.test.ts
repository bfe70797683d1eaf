import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { createS3ObjectStore } from "../adapters/object-store/s3";
import { newId } from "../ground/secrets";
import { httpRequest } from "../testing/http-request";
import { sampleOf } from "../testing/sample-bytes";
import { type FaultyFront, startFaultyFront } from "../testing/start-faulty-front";
import { startS3 } from "../testing/start-s3";
import {
  callerFor,
  createTestServices,
  createTestUser,
  type TestServices,
} from "../testing/test-context";

let services: TestServices;
let front: FaultyFront;
let me: Awaited<ReturnType<typeof callerFor>>;
const closing: (() => Promise<void>)[] = [];

beforeAll(async () => {
  const s3 = await startS3();
  const { origin, pathname } = new URL(s3.config.endpoint);
  front = await startFaultyFront(origin);
  const endpoint = front.origin + pathname;
  services = await createTestServices({ objects: createS3ObjectStore({ ...s3.config, endpoint }) });
  me = await callerFor(services, await createTestUser(services));
  closing.push(services.dispose, front.close, s3.close);
});
afterAll(async () => {
  for (const close of closing) await close();
});
beforeEach(() => {
  front.fault = () => null;
});

function loseAnswers(times: number, method: string): void {
  let left = times;
  front.fault = (request) => (request.method === method && left-- > 0 ? "lose the answer" : null);
}

test.each([1, 2])("an object whose answer was lost %i times is stored once", async (times) => {
  const key = newId();
  loseAnswers(times, "PUT");
  const { sizeBytes, etag } = await services.objects.put("files", key, Buffer.from("hello"), {
    contentType: "text/plain",
  });
  expect(sizeBytes).toBe(5);
  expect(await services.objects.head("files", key)).toMatchObject({ etag, sizeBytes: 5 });
});

test("a key that another call took is a conflict all the same", async () => {
  const key = newId();
  const put = () =>
    services.objects.put("files", key, Buffer.from("hello"), { contentType: "text/plain" });
  await put();
  await expect(put()).rejects.toMatchObject({ code: "CONFLICT" });
  loseAnswers(1, "PUT");
  await expect(put()).rejects.toMatchObject({ code: "CONFLICT" });
});

test.each([["lose the answer"], [500], [503]] as const)(
  "a completion that was done though its answer was: %s",
  async (fault) => {
    const body = sampleOf("mp4", 4000);
    const upload = await me.storage.createMultipartUpload({
      filename: "a.mp4",
      contentType: "video/mp4",
      sizeBytes: body.byteLength,
    });
    const { key } = upload;
    const { urls } = await me.storage.signParts({ key, parts: [{ partNumber: 1 }] });
    const { headers } = await httpRequest(urls[0]?.url ?? "", { method: "PUT", body });
    const parts = [{ partNumber: 1, etag: String(headers.etag) }];
    let times = 0;
    front.fault = ({ method }) => {
      if (method !== "POST") return null;
      times++;
      return times === 1 ? "lose the answer" : times < 4 ? fault : null;
    };
    expect(await me.storage.completeMultipartUpload({ key, parts })).toMatchObject({
      status: "ready",
      sizeBytes: 4000,
    });
  },
);

test("what the store will never do is said to be final, at once", async () => {
  let asked = 0;
  front.fault = () => {
    asked++;
    return 501;
  };
  await expect(
    services.objects.put("files", newId(), Buffer.from("hello"), { contentType: "text/plain" }),
  ).rejects.toMatchObject({
    code: "UPSTREAM_UNAVAILABLE",
    details: { service: "object store", storeCode: "NotImplemented", retry: false },
  });
  expect(asked).toBe(1);
});

test("an upload in parts that the store began and no row could take is aborted at once", async () => {
  await services.pool.query(
    `CREATE FUNCTION lose() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE 'connection lost'; END $$;
     CREATE TRIGGER lose BEFORE UPDATE OF "uploadId" ON "Media" FOR EACH ROW EXECUTE FUNCTION lose()`,
  );
  const asked: string[] = [];
  front.fault = ({ method, url }) => {
    const upload = /[?&]upload(s|Id)\b/.exec(url ?? "");
    if (upload) asked.push(`${method} upload${upload[1]}`);
    return null;
  };
  await expect(
    me.storage.createMultipartUpload({
      filename: "a.mp4",
      contentType: "video/mp4",
      sizeBytes: 4000,
    }),
  ).rejects.toThrow();
  await services.pool.query(`DROP TRIGGER lose ON "Media"`);
  expect(asked).toEqual(["POST uploads", "DELETE uploadId"]);
  expect((await me.storage.listUnfinished()).items).toEqual([]);
});
