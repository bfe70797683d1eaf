import { expect, test } from "vitest";
import { storeThatSays } from "../../../testing/answering-store";

const upload = (key: string, id: string) =>
  `<Upload><Key>${key}</Key><UploadId>${id}</UploadId><Initiated>2026-11-20T10:00:00.000Z</Initiated></Upload>`;
const result = (inside: string) =>
  `<?xml version="1.0" encoding="UTF-8"?><ListMultipartUploadsResult xmlns="http://s3.amazonaws.com/doc/2006-03-01/">${inside}</ListMultipartUploadsResult>`;

test("open uploads come page by page, by their keys in the bucket", async () => {
  const next =
    "<IsTruncated>true</IsTruncated><NextKeyMarker>files/a</NextKeyMarker><NextUploadIdMarker>1</NextUploadIdMarker>";
  const { store, asked } = await storeThatSays([
    { status: 200, body: result(next + upload("files/a", "1")) },
    { status: 200, body: result(`<IsTruncated>false</IsTruncated>${upload("files/b", "2")}`) },
  ]);
  const first = await store.listMultipartUploads("files", { limit: 1 });
  const startedAt = new Date("2026-11-20T10:00:00.000Z");
  expect(first?.items).toEqual([{ key: "a", uploadId: "1", startedAt }]);
  const second = await store.listMultipartUploads("files", {
    limit: 1,
    cursor: first?.nextCursor ?? "",
  });
  expect(second).toEqual({ items: [{ key: "b", uploadId: "2", startedAt }], nextCursor: null });
  expect(asked[0]).toMatch(/^\/private\/?\?.*uploads/);
  expect(asked[1]).toContain("key-marker=files%2Fa");
  expect(asked[1]).toContain("upload-id-marker=1");
});

test("a store that cannot list them says so once, and is left in peace", async () => {
  const body = "<Error><Code>NotImplemented</Code><Message>no</Message></Error>";
  const { store } = await storeThatSays([{ status: 501, body }]);
  expect(await store.listMultipartUploads("media-private", { limit: 10 })).toBeNull();
});

test("a store that refuses for another reason is away", async () => {
  const body = "<Error><Code>AccessDenied</Code><Message>no</Message></Error>";
  const { store } = await storeThatSays([{ status: 403, body }]);
  await expect(store.listMultipartUploads("files", { limit: 10 })).rejects.toMatchObject({
    code: "UPSTREAM_UNAVAILABLE",
  });
});
