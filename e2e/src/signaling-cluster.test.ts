import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { startCluster } from "./setup/cluster";
import { openStream } from "./setup/event-stream";
import { createRoom, joinRoom, numbered, sendMessages } from "./setup/rooms";
import { newMember, type Rpc, signInAdmin } from "./setup/rpc";
import { targets } from "./setup/targets";
import { describeMessages } from "./suites/describe-messages";
import { describeRooms } from "./suites/describe-rooms";

// With BASE_URL there is somebody's server, and nothing here to start a second one from.
const startsServers = targets.some(({ name }) => name === "self-hosted");

if (startsServers) {
  // Started here, not in a hook: the suites ask for the address while they are being described.
  const cluster = await startCluster();
  afterAll(() => cluster.stop());

  describeRooms([cluster.target]);
  describeMessages([cluster.target]);

  describe("peers on different processes of one database", () => {
    let owner: Rpc;
    beforeAll(async () => {
      owner = await newMember(cluster.target, await signInAdmin(cluster.target));
    });

    test("hear each other, and a kick through one ends a stream of the other within a second", async () => {
      const [here, there] = cluster.servers;
      const room = await createRoom(owner);
      const { roomId } = room;
      const maja = await joinRoom(here, room, "Maja");
      const iben = await joinRoom(there, room, "Iben");
      const stream = await openStream(there, "signaling.messages", { roomId }, iben.roomToken);
      await sendMessages(maja, roomId, numbered(0, 3));
      await expect.poll(() => stream.events.length).toBe(3);
      const kickedAt = Date.now();
      await owner.mutate("signaling.kick", { roomId, peerId: iben.peerId });
      await expect.poll(() => stream.end, { interval: 10 }).toBe("FORBIDDEN");
      expect(Date.now() - kickedAt).toBeLessThan(1_000);
    });

    test("lose nothing and get nothing twice while PostgreSQL is restarted under open streams", async () => {
      const [here, there] = cluster.servers;
      const room = await createRoom(owner, 3);
      const { roomId } = room;
      const maja = await joinRoom(here, room, "Maja");
      const readers = [
        { target: here, peer: await joinRoom(here, room, "Iben") },
        { target: there, peer: await joinRoom(there, room, "Karl") },
      ];
      const streams = await Promise.all(
        readers.map(({ target, peer }) =>
          openStream(target, "signaling.messages", { roomId }, peer.roomToken),
        ),
      );
      const total = 150;
      const restarting = cluster.restartPostgres(1_000);
      let refusals = 0;
      for (let number = 0; number < total; number++) {
        const input = {
          roomId,
          messages: numbered(number, 1),
          sendKey: `message-number-${number}`,
        };
        for (;;) {
          const { error } = await maja.rpc.mutate("signaling.send", input);
          if (!error) break;
          expect(error.data.appCode).toBe("UPSTREAM_UNAVAILABLE");
          refusals++;
          await new Promise((resolve) => setTimeout(resolve, 100));
        }
        await new Promise((resolve) => setTimeout(resolve, 20));
      }
      await restarting;
      expect(refusals).toBeGreaterThan(0);
      for (const stream of streams) {
        await expect.poll(() => stream.events.length, { timeout: 20_000 }).toBe(total);
        const numbers = stream.events.map(({ data }) => data.payload.number);
        expect(numbers).toEqual([...Array(total).keys()]);
        expect(stream.end).toBeNull();
        stream.close();
      }
    });
  });
}
