import { afterEach, beforeEach, expect, test } from "vitest";
import { createStaticIceProvider } from "../adapters/ice/static";
import { openDuo, openRoom } from "../testing/rooms";
import {
  callerFor,
  createTestServices,
  createTestUser,
  jobContext,
  type TestServices,
} from "../testing/test-context";
import { recordRoomActivity } from "./verbs/record-room-activity";

let services: TestServices;
beforeEach(async () => {
  const ice = createStaticIceProvider({
    urls: ["turn:turn.example.com"],
    username: "u",
    credential: "c",
  });
  services = await createTestServices({ ice });
  // To the beginning of a step, so that what follows falls into one.
  services.clock.advance(300 - (Date.now() % 300_000) / 1000 + 1);
});
afterEach(() => services.dispose());

const record = () => recordRoomActivity(jobContext(services));
const note = { kind: "note", payload: null };

test("an owner sees what went on in the own rooms, an admin in all", async () => {
  const duo = await openDuo(services);
  const { roomId, ada, ben, ownerCaller } = duo;
  await ada.caller.signaling.send({ roomId, messages: [note, note] });
  await ben.caller.signaling.turnConfig({ roomId });
  const other = await openRoom(services);
  services.clock.advance(300);
  // Ada is heard of, Ben is not.
  await (await callerFor(services, ada.roomToken)).signaling.pull({ roomId });
  await record();

  const admin = await callerFor(services, await createTestUser(services, "admin"));
  const { stepSeconds, samples } = await admin.signaling.activity();
  expect(stepSeconds).toBe(300);
  expect(samples).toEqual([
    {
      at: expect.stringMatching(/[05]:00\.000Z$/),
      rooms: 2,
      peers: 1,
      messages: 2,
      turnCredentials: 1,
    },
  ]);
  expect((await ownerCaller.signaling.activity()).samples).toMatchObject([
    { rooms: 1, peers: 1, messages: 2, turnCredentials: 1 },
  ]);
  expect((await other.ownerCaller.signaling.activity()).samples).toMatchObject([
    { rooms: 1, peers: 0, messages: 0 },
  ]);
  const stranger = await callerFor(services, await createTestUser(services));
  expect((await stranger.signaling.activity()).samples).toMatchObject([{ rooms: 0, messages: 0 }]);
});

test("a step is counted once, however often it is recorded, and a message in one step only", async () => {
  const { roomId, ada, ownerCaller } = await openDuo(services);
  await ada.caller.signaling.send({ roomId, messages: [note] });
  services.clock.advance(300);
  await record();
  await record();
  services.clock.advance(300);
  await record();
  const { samples } = await ownerCaller.signaling.activity();
  expect(samples.map(({ messages }) => messages)).toEqual([1, 0]);
});

test("a day is shown, and what is older goes", async () => {
  const { ownerCaller } = await openRoom(services);
  await record();
  services.clock.advance(24 * 3600 + 1);
  await record();
  expect((await ownerCaller.signaling.activity()).samples).toHaveLength(1);
  services.clock.advance(3600);
  expect(await record()).toMatchObject({ deleted: 2 });
});
