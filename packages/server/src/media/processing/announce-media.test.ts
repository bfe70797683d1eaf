import { expect, test } from "vitest";
import type { JobQueue } from "../../ports/job-queue";
import { silentLog } from "../../testing/silent-log";
import { announceMedia } from "./announce-media";

test("processing is asked for with the id of the request that made the media ready", async () => {
  const asked: unknown[] = [];
  const jobs = { processMedia: async (requests: unknown[]) => void asked.push(...requests) };
  const ctx = { jobs: jobs as unknown as JobQueue, log: silentLog };
  await announceMedia({ ...ctx, requestId: "req-12345" }, { mediaId: "m", round: 1 });
  await announceMedia(ctx, { mediaId: "m", round: 2 });
  expect(asked).toEqual([
    { mediaId: "m", round: 1, requestId: "req-12345" },
    { mediaId: "m", round: 2 },
  ]);
});
