import type { Media } from "@fermata/contract";
import { afterEach, expect, test } from "vitest";
import { errorOfResponse, sendBytes } from "./send-bytes";
import { readBody, serve, type TestServer } from "./testing/serve";
import type { UploadFileOptions } from "./upload-file";
import { createUploadQueue, type UploadItem, type UploadQueue } from "./upload-queue";

let server: TestServer | undefined;
afterEach(() => server?.close());

/** Uploads that travel over real HTTP to a server whose answers the test holds back. */
async function startGate() {
  const waiting: { name: string; answer(status: number): void }[] = [];
  server = await serve(async (request, response) => {
    const name = (await readBody(request)).toString();
    waiting.push({ name, answer: (status) => response.writeHead(status).end(name) });
  });
  const { origin } = server;
  const upload = async (file: Blob, { signal, onProgress }: UploadFileOptions = {}) => {
    const response = await sendBytes(fetch, {
      url: origin,
      method: "POST",
      headers: {},
      body: file,
      signal,
      onProgress: (loadedBytes) => onProgress?.({ loadedBytes, totalBytes: file.size }),
    });
    if (response.status >= 300) throw await errorOfResponse(response);
    return { storageId: response.body };
  };
  return {
    client: { files: { upload }, media: { upload: () => Promise.reject(new Error("unused")) } },
    waiting: () => waiting.map(({ name }) => name),
    async answer(name: string, status = 200) {
      await until(() => waiting.some((one) => one.name === name));
      const [one] = waiting.splice(
        waiting.findIndex((candidate) => candidate.name === name),
        1,
      );
      one?.answer(status);
    },
  };
}

async function until(condition: () => boolean) {
  while (!condition()) await new Promise((resolve) => setTimeout(resolve, 2));
}

function statuses(queue: UploadQueue): string[] {
  return queue.getSnapshot().items.map(({ status }) => status);
}

function named(...names: string[]): File[] {
  return names.map((name) => new File([name], `${name}.txt`));
}

const files = { kind: "file" } as const;

test("keeps to its concurrency and goes on with the next", async () => {
  const gate = await startGate();
  const done: UploadItem[] = [];
  const queue = createUploadQueue(gate.client, {
    concurrency: 2,
    onDone: (item) => done.push(item),
  });
  queue.add(named("one", "two", "three"), files);
  await until(() => gate.waiting().length === 2);
  expect(statuses(queue)).toEqual(["uploading", "uploading", "queued"]);
  await gate.answer("one");
  await gate.answer("three");
  await gate.answer("two");
  await until(() => queue.getSnapshot().activeCount === 0);
  expect(queue.getSnapshot().items.map(({ result }) => result)).toEqual([
    { storageId: "one" },
    { storageId: "two" },
    { storageId: "three" },
  ]);
  expect(done).toHaveLength(3);
  expect(queue.getSnapshot()).toMatchObject({ loadedBytes: 11, totalBytes: 11 });
});

test("keeps a failure on its item, and retries it when asked", async () => {
  const gate = await startGate();
  const queue = createUploadQueue(gate.client);
  const [id = ""] = queue.add(named("one"), files);
  await gate.answer("one", 415);
  await until(() => statuses(queue)[0] === "failed");
  expect(queue.getSnapshot().items[0]?.error?.code).toBe("UNSUPPORTED_MEDIA_TYPE");
  queue.retry(id);
  expect(queue.getSnapshot().items[0]).toMatchObject({ status: "uploading", error: null });
  await gate.answer("one");
  await until(() => statuses(queue)[0] === "done");
});

test("cancels what waits and what is on its way, and its place is taken", async () => {
  const gate = await startGate();
  const queue = createUploadQueue(gate.client, { concurrency: 1 });
  const [first = "", second = ""] = queue.add(named("one", "two", "three"), files);
  await until(() => gate.waiting().includes("one"));
  queue.cancel(second);
  queue.cancel(first);
  expect(statuses(queue).slice(0, 2)).toEqual(["cancelled", "cancelled"]);
  await gate.answer("three");
  await until(() => statuses(queue)[2] === "done");
  expect(gate.waiting()).not.toContain("two");
  expect(queue.getSnapshot()).toMatchObject({ totalBytes: 5, activeCount: 0 });
});

test("a cancelled item that is retried at once uploads once it is its turn", async () => {
  const gate = await startGate();
  const queue = createUploadQueue(gate.client, { concurrency: 1 });
  const [id = ""] = queue.add(named("one"), files);
  await until(() => gate.waiting().includes("one"));
  queue.cancel(id);
  queue.retry(id);
  await until(() => gate.waiting().length === 2);
  await gate.answer("one");
  await gate.answer("one");
  await until(() => statuses(queue)[0] === "done");
});

test("clears what is over and keeps the rest", async () => {
  const gate = await startGate();
  const queue = createUploadQueue(gate.client);
  queue.add(named("one", "two"), files);
  await gate.answer("one");
  await until(() => statuses(queue)[0] === "done");
  queue.clear();
  expect(queue.getSnapshot().items.map(({ filename }) => filename)).toEqual(["two.txt"]);
  queue.cancelAll();
});

test("gives the same snapshot until something changes, and tells its subscribers", async () => {
  const gate = await startGate();
  const queue = createUploadQueue(gate.client);
  const before = queue.getSnapshot();
  expect(queue.getSnapshot()).toBe(before);
  let told = 0;
  const unsubscribe = queue.subscribe(() => told++);
  queue.add(named("one"), files);
  expect(queue.getSnapshot()).not.toBe(before);
  expect(told).toBeGreaterThan(0);
  unsubscribe();
  const toldBefore = told;
  queue.cancelAll();
  expect(told).toBe(toldBefore);
});

test("a paused item gives its place up and waits for its turn again", async () => {
  const gate = await startGate();
  const queue = createUploadQueue(gate.client, { concurrency: 1 });
  const [first = ""] = queue.add(named("one", "two"), files);
  await until(() => gate.waiting().includes("one"));
  queue.pause(first);
  expect(queue.getSnapshot()).toMatchObject({ activeCount: 1, pausedCount: 1, totalBytes: 6 });
  await until(() => gate.waiting().includes("two"));
  queue.resume(first);
  expect(statuses(queue)).toEqual(["queued", "uploading"]);
  queue.clear();
  expect(statuses(queue)).toHaveLength(2);
  await gate.answer("two");
  await until(() => gate.waiting().filter((name) => name === "one").length === 2);
  await gate.answer("one");
  await gate.answer("one");
  await until(() => queue.getSnapshot().activeCount === 0);
  expect(statuses(queue)).toEqual(["done", "done"]);
});

test("all can be paused and resumed at once, and a paused one cancelled", async () => {
  const gate = await startGate();
  const queue = createUploadQueue(gate.client, { concurrency: 2 });
  const [first = ""] = queue.add(named("one", "two", "three"), files);
  queue.pauseAll();
  expect(statuses(queue)).toEqual(["paused", "paused", "paused"]);
  queue.cancel(first);
  queue.resumeAll();
  expect(statuses(queue)[0]).toBe("cancelled");
  await until(() =>
    statuses(queue)
      .slice(1)
      .every((status) => status === "uploading"),
  );
  queue.cancelAll();
});

test("media go on in the run that was paused", async () => {
  let runs = 0;
  let finish = (_: Media) => {};
  const paused: boolean[] = [];
  const queue = createUploadQueue({
    files: { upload: () => Promise.reject(new Error("unused")) },
    media: {
      upload: (_, options) => {
        runs++;
        options?.onState?.({ phase: "sending", key: "k", resumedBytes: 1 });
        options?.pause?.subscribe(() => paused.push(options.pause?.getSnapshot() ?? false));
        return new Promise((resolve) => {
          finish = resolve;
        });
      },
    },
  });
  const [id = ""] = queue.add(named("film"), { kind: "media" });
  expect(queue.getSnapshot().items[0]).toMatchObject({
    phase: "sending",
    key: "k",
    resumedBytes: 1,
  });
  queue.pause(id);
  expect(statuses(queue)).toEqual(["paused"]);
  queue.resume(id);
  expect(statuses(queue)).toEqual(["uploading"]);
  finish({ key: "k" } as Media);
  await until(() => statuses(queue)[0] === "done");
  expect([runs, paused]).toEqual([1, [true, false]]);
});

test("takes a file that is added twice for one, as long as it is on its way", async () => {
  const { client, waiting, answer } = await startGate();
  const queue = createUploadQueue(client);
  const file = new Blob(["once"]);
  const [id] = queue.add([file], { kind: "file" });
  expect(queue.add([file], { kind: "file" })).toEqual([id]);
  await until(() => waiting().length === 1);
  expect(queue.getSnapshot().items).toHaveLength(1);
  await answer("once");
  await until(() => queue.getSnapshot().items[0]?.status === "done");
  expect(queue.add([file], { kind: "file" })).not.toEqual([id]);
  queue.cancelAll();
});
