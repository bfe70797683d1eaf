import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { codeOf, openDuo, openRoom, sitDown } from "../testing/rooms";
import { callerFor, createTestServices, type TestServices } from "../testing/test-context";
import { sendAsBearer } from "./verbs/send-as-bearer";

let services: TestServices;
beforeAll(async () => {
  services = await createTestServices();
});
afterAll(() => services.dispose());

const joinKey = "a-key-of-the-client";
const sendKey = "one-send-of-many";
const say = (...payloads: number[]) => payloads.map((payload) => ({ kind: "n", payload }));

describe("a join whose answer was lost", () => {
  test("finds its seat again with its key, though the room is full", async () => {
    const room = await openRoom(services);
    await sitDown(services, null, room);
    const lost = await sitDown(services, null, { ...room, joinKey });
    const again = await sitDown(services, null, { ...room, joinKey });
    expect(again.peerId).toBe(lost.peerId);
    expect(again.polite).toBe(lost.polite);
    expect(again.peers).toHaveLength(1);
    // Whoever got hold of the lost answer holds nothing.
    const finder = await callerFor(services, lost.roomToken);
    expect(await codeOf(finder.signaling.peers(room))).toBe("UNAUTHENTICATED");
    expect((await again.caller.signaling.peers(room)).peers).toHaveLength(2);
  });

  test("and as many at once end as one seat", async () => {
    const room = await openRoom(services, { capacity: 3 });
    const seats = await Promise.all(
      Array.from({ length: 5 }, () => sitDown(services, null, { ...room, joinKey })),
    );
    expect(new Set(seats.map(({ peerId }) => peerId)).size).toBe(1);
  });

  test("also when it came back with a resume token, which the lost answer had replaced", async () => {
    const { roomId, ben } = await openDuo(services);
    const resumed = { roomId, resumeToken: ben.resumeToken, joinKey };
    await sitDown(services, null, resumed);
    const again = await sitDown(services, null, resumed);
    expect(again.peerId).toBe(ben.peerId);
  });

  test("a key opens no other room, no seat that was left, and nothing without a right to the room", async () => {
    const [room, other] = [await openRoom(services), await openRoom(services)];
    const ada = await sitDown(services, null, { ...room, joinKey });
    const elsewhere = { roomId: other.roomId, joinKey };
    expect(await codeOf(sitDown(services, null, elsewhere))).toBe("NOT_FOUND");
    await ada.caller.signaling.leave(room);
    const { roomId } = room;
    expect(await codeOf(sitDown(services, null, { roomId, joinKey }))).toBe("NOT_FOUND");
  });
});

describe.each(["by seat", "by bearer"])("a send %s whose answer was lost", (how) => {
  async function openTalk() {
    const { roomId, ada, ben } = await openDuo(services);
    const send = (messages: { kind: string; payload: unknown }[], key?: string) =>
      how === "by seat"
        ? ada.caller.signaling.send({ roomId, messages, sendKey: key })
        : sendAsBearer({ ...services, clientAddress: "127.0.0.1" }, ada.roomToken, {
            roomId,
            messages,
            sendKey: key,
          });
    const heard = async () =>
      (await ben.caller.signaling.pull({ roomId })).messages.map((message) =>
        "payload" in message ? message.payload : message.kind,
      );
    return { roomId, ada, ben, send, heard };
  }

  test("is stored once, and answered as the first time", async () => {
    const { send, heard } = await openTalk();
    const first = await send(say(1, 2), sendKey);
    await send(say(3));
    expect(await send(say(1, 2), sendKey)).toEqual(first);
    expect(await heard()).toEqual([1, 2, 3]);
    // Numbers go on without a gap: a refused insert moved no counter.
    const next = await send(say(4));
    expect(Number(next.cursor.split(":")[1])).toBe(Number(first.cursor.split(":")[1]) + 2);
  });

  test("is stored once however many come at the same time", async () => {
    const { send, heard } = await openTalk();
    const answers = await Promise.all(Array.from({ length: 8 }, () => send(say(1), sendKey)));
    expect(new Set(answers.map(({ cursor }) => cursor)).size).toBe(1);
    expect(await heard()).toEqual([1]);
  });

  test("stands for its sender alone: another's same key is another send", async () => {
    const { roomId, ada, ben, send } = await openTalk();
    await send(say(1), sendKey);
    await ben.caller.signaling.send({ roomId, messages: say(2), sendKey });
    const { messages } = await ada.caller.signaling.pull({ roomId });
    expect(messages).toMatchObject([{ payload: 2 }]);
  });

  test("survives a change of tokens in between", async () => {
    const { roomId, ada, send, heard } = await openTalk();
    const first = await send(say(1), sendKey);
    const { resumeToken } = ada;
    const again = await sitDown(services, null, { roomId, resumeToken });
    const sent = await again.caller.signaling.send({ roomId, messages: say(1), sendKey });
    expect(sent).toEqual(first);
    expect(await heard()).toEqual([1]);
  });
});

test("a bearer is refused for the same reasons as everybody", async () => {
  const { roomId, ada, ben, ownerCaller } = await openDuo(services);
  const other = await openDuo(services);
  const send = (token: string, input: { roomId: string; to?: string }) =>
    codeOf(
      sendAsBearer({ ...services, clientAddress: "127.0.0.1" }, token, {
        messages: say(1),
        ...input,
      }),
    );
  expect(await send("fmr_made-up", { roomId })).toBe("UNAUTHENTICATED");
  expect(await send(ada.roomToken, { roomId: other.roomId })).toBe("NOT_FOUND");
  expect(await send(ada.roomToken, { roomId, to: "nobody" })).toBe("NOT_FOUND");
  expect(await send(ada.roomToken, { roomId, to: other.ada.peerId })).toBe("NOT_FOUND");
  expect(await send(ada.roomToken, { roomId, to: ada.peerId })).toBe("INVALID_INPUT");
  expect(await send(ada.roomToken, { roomId, to: ben.peerId })).toBe("no failure");
  await ownerCaller.signaling.kick({ roomId, peerId: ada.peerId });
  expect(await send(ada.roomToken, { roomId })).toBe("UNAUTHENTICATED");
  await ownerCaller.signaling.closeRoom({ roomId });
  expect(await send(ben.roomToken, { roomId })).toBe("ROOM_CLOSED");
});

test.each(["one after the other", "all at once"])(
  "a bearer that floods, %s, is slowed down before the database hears of it",
  async (how) => {
    const { roomId, ada } = await openDuo(services);
    const messages = Array.from({ length: 50 }, () => ({ kind: "n", payload: 0 }));
    const codes: string[] = [];
    const send = async () => {
      codes.push(
        await codeOf(
          sendAsBearer({ ...services, clientAddress: "127.0.0.1" }, ada.roomToken, {
            roomId,
            messages,
          }),
        ),
      );
    };
    if (how === "all at once") await Promise.all(Array.from({ length: 60 }, send));
    else for (let count = 0; count < 60; count++) await send();
    expect(new Set(codes)).toEqual(new Set(["no failure", "RATE_LIMITED"]));
  },
);

describe.each(["by seat", "by bearer"])("sends %s of which several are under way", (how) => {
  async function openTalk() {
    const { roomId, ada, ben } = await openDuo(services);
    const bearer = { ...services, clientAddress: "127.0.0.1" };
    const send = (number: number, after?: number) => {
      const keys = { sendKey: keyOf(number), ...(after && { after: keyOf(after) }) };
      const input = { roomId, messages: say(number), ...keys };
      return how === "by seat"
        ? ada.caller.signaling.send(input)
        : sendAsBearer(bearer, ada.roomToken, input);
    };
    const heard = async () =>
      (await ben.caller.signaling.pull({ roomId })).messages.map((message) =>
        "payload" in message ? message.payload : message.kind,
      );
    return { roomId, ben, send, heard };
  }
  const keyOf = (number: number) => `the-send-number-${number}`;

  test("are stored in their order, whichever comes first", async () => {
    const { send, heard } = await openTalk();
    const late = [send(5, 4), send(3, 2), send(4, 3), send(2, 1)];
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(await heard()).toEqual([]);
    await Promise.all([...late, send(1)]);
    expect(await heard()).toEqual([1, 2, 3, 4, 5]);
    // The key of one that is stored already.
    await send(6, 5);
    expect(await send(4, 3)).toEqual(await send(4));
    expect(await heard()).toEqual([1, 2, 3, 4, 5, 6]);
  });

  test("wait for one that comes by another process", async () => {
    const { roomId, ben, send, heard } = await openTalk();
    const late = send(2, 1);
    await new Promise((resolve) => setTimeout(resolve, 100));
    // As another process would: this one does not see it come.
    await services.pool.query(
      `WITH room AS (UPDATE "Room" SET "lastSeq" = "lastSeq" + 1 WHERE "id" = $1 RETURNING "lastSeq")
       INSERT INTO "Message" ("roomId", "seq", "fromPeerId", "kind", "payload", "sentAt", "sendKey")
       SELECT $1, room."lastSeq", p."id", 'n', '1', now(), $3 FROM room, "Peer" p
       WHERE p."roomId" = $1 AND p."id" <> $2`,
      [roomId, ben.peerId, keyOf(1)],
    );
    await late;
    expect(await heard()).toEqual([1, 2]);
  });

  test("are not sent behind one that is refused, or never comes", async () => {
    const { send, heard } = await openTalk();
    expect(await codeOf(send(2, 1))).toBe("CONFLICT");
    // Two that wait for each other.
    const crossed = await Promise.all([codeOf(send(3, 4)), codeOf(send(4, 3))]);
    expect(crossed).toEqual(["CONFLICT", "CONFLICT"]);
    expect(await heard()).toEqual([]);
    await send(1);
    await send(2, 1);
    expect(await heard()).toEqual([1, 2]);
  });

  test("somebody else's send is none to come behind", async () => {
    const { roomId, ben, send } = await openTalk();
    await ben.caller.signaling.send({ roomId, messages: say(9), sendKey: keyOf(1) });
    expect(await codeOf(send(2, 1))).toBe("CONFLICT");
  });
});
