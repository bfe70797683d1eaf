import { afterAll, beforeAll, expect, test } from "vitest";
import {
  callerFor,
  createTestServices,
  createTestUser,
  jobContext,
  type TestServices,
} from "../testing/test-context";
import { nextSampleAt, recordRoomActivity } from "./verbs/record-room-activity";

let services: TestServices;
beforeAll(async () => {
  services = await createTestServices();
});
afterAll(() => services.dispose());

test("no sample is due while nothing goes on, and the charts show the quiet steps all the same", async () => {
  const owner = await callerFor(services, await createTestUser(services, "admin"));
  expect(await nextSampleAt(services)).toBeNull();
  const { roomId } = await owner.signaling.createRoom({});
  expect(await nextSampleAt(services)).not.toBeNull();
  await recordRoomActivity(jobContext(services));
  expect(await nextSampleAt(services)).toBeNull();

  services.clock.advance(1800);
  const { samples } = await owner.signaling.activity();
  expect(samples.length).toBeGreaterThanOrEqual(5);
  for (const { rooms, peers } of samples) expect([rooms, peers]).toEqual([1, 0]);

  await owner.signaling.join({ roomId, displayName: "Maja" });
  expect(await nextSampleAt(services)).not.toBeNull();
  await recordRoomActivity(jobContext(services));
  // Somebody is there: the step in which nobody is left must be seen, too.
  services.clock.advance(300);
  expect(await nextSampleAt(services)).not.toBeNull();
  await recordRoomActivity(jobContext(services));
  services.clock.advance(300);
  expect(await nextSampleAt(services)).toBeNull();
});
