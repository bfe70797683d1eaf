import { afterEach, expect, test } from "vitest";
import { errorOfResponse, sendBytes } from "./send-bytes";
import { serve, type TestServer } from "./testing/serve";
import { createUploadTask, type TaskOptions } from "./upload-task";

let server: TestServer | undefined;
afterEach(() => server?.close());

/** Uploads over real HTTP to a server that answers with `status`, or keeps silent when it is null. */
async function startTask(status: number | null) {
  server = await serve((request, response) => {
    request.resume().on("end", () => {
      if (status !== null) response.writeHead(status).end("stored");
    });
  });
  const { origin } = server;
  return createUploadTask<string, TaskOptions>(async (file, { signal, onProgress }) => {
    const response = await sendBytes(fetch, {
      url: origin,
      method: "POST",
      headers: {},
      body: file,
      signal,
      onProgress: (loadedBytes) => onProgress?.({ loadedBytes, totalBytes: file.size }),
    });
    if (response.status >= 300) throw await errorOfResponse(response);
    return response.body;
  });
}

const file = new Blob(["piano"]);

test("goes from idle over uploading to success, with progress from 0 to 1", async () => {
  const task = await startTask(200);
  const seen: [string, number | null][] = [];
  task.subscribe(() => seen.push([task.getSnapshot().status, task.getSnapshot().progress]));
  expect(task.getSnapshot()).toMatchObject({ status: "idle", progress: null });
  expect(await task.upload(file)).toBe("stored");
  expect(seen).toEqual([
    ["uploading", 0],
    ["uploading", 1],
    ["success", 1],
  ]);
  expect(task.getSnapshot().result).toBe("stored");
});

test("keeps a failure to show, and forgets it on reset", async () => {
  const task = await startTask(413);
  await expect(task.upload(file)).rejects.toMatchObject({ code: "PAYLOAD_TOO_LARGE" });
  expect(task.getSnapshot()).toMatchObject({
    status: "error",
    error: { code: "PAYLOAD_TOO_LARGE" },
  });
  task.reset();
  expect(task.getSnapshot()).toMatchObject({ status: "idle", error: null });
});

test("is idle again after an abort, which is no error to show", async () => {
  const task = await startTask(null);
  const upload = task.upload(file);
  task.abort();
  await expect(upload).rejects.toMatchObject({ code: "ABORTED" });
  expect(task.getSnapshot()).toMatchObject({ status: "idle", error: null });
});

test("a new upload replaces the one that runs, which says no more", async () => {
  const task = await startTask(null);
  const first = task.upload(file);
  const second = task.upload(new Blob(["another"]));
  await expect(first).rejects.toMatchObject({ code: "ABORTED" });
  expect(task.getSnapshot().status).toBe("uploading");
  task.abort();
  await expect(second).rejects.toMatchObject({ code: "ABORTED" });
});

test("obeys the caller's own signal, too", async () => {
  const task = await startTask(null);
  const aborter = new AbortController();
  const upload = task.upload(file, { signal: aborter.signal });
  aborter.abort();
  await expect(upload).rejects.toMatchObject({ code: "ABORTED" });
});

test("pauses and goes on, and forgets neither its progress nor its outcome", async () => {
  let finish = () => {};
  const task = createUploadTask<string, TaskOptions>((_, options) => {
    options.onProgress?.({ loadedBytes: 1, totalBytes: 2, bytesPerSecond: 5, secondsLeft: 1 });
    return new Promise((resolve) => {
      finish = () => resolve("stored");
    });
  });
  const upload = task.upload(file);
  task.pause();
  expect(task.getSnapshot()).toMatchObject({
    status: "paused",
    progress: 0.5,
    bytesPerSecond: null,
  });
  task.resume();
  expect(task.getSnapshot()).toMatchObject({ status: "uploading", progress: 0.5 });
  finish();
  expect(await upload).toBe("stored");
});

test("takes a second click for the upload that runs already", async () => {
  let uploads = 0;
  const task = createUploadTask<number, TaskOptions>(async () => {
    await new Promise((resolve) => setTimeout(resolve, 10));
    return ++uploads;
  });
  expect(await Promise.all([task.upload(file), task.upload(file)])).toEqual([1, 1]);
  expect(uploads).toBe(1);
  expect(await task.upload(file)).toBe(2);
});
