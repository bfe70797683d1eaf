import { once } from "node:events";
import { createServer, get, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import { queryObjects } from "node:v8";
import { afterAll, beforeAll, expect, test } from "vitest";
import { leaveBoundsToRoutes, nodeListener } from "../node";
import { browserOf, hostOrigin, openHostLab } from "../testing/host-lab";
import { Call } from "./call";

let lab: Awaited<ReturnType<typeof openHostLab>>;
beforeAll(async () => {
  lab = await openHostLab();
});
afterAll(() => lab.close());

test("a stream that stays open keeps nothing of the call that opened it", async () => {
  const fermata = lab.mount({ pool: lab.pool });
  await fermata.migrate();
  const server = createServer(nodeListener(fermata, { pages: (_, response) => response.end() }));
  leaveBoundsToRoutes(server);
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;

  const maja = browserOf(fermata);
  const room = (await maja.call("signaling.createRoom", { capacity: 4 })).body.result.data;
  const follow = async (number: number) => {
    const seat = await maja.call("signaling.join", { ...room, displayName: `Reader ${number}` });
    const input = encodeURIComponent(JSON.stringify({ roomId: room.roomId }));
    const request = get({
      port,
      path: `/api/fermata/trpc/signaling.messages?input=${input}`,
      headers: {
        host: new URL(hostOrigin).host,
        authorization: `Bearer ${seat.body.result.data.roomToken}`,
      },
    });
    const [response] = (await once(request, "response")) as [IncomingMessage];
    expect(response.statusCode).toBe(200);
    await once(response, "data");
    return request;
  };
  const streams = [await follow(1), await follow(2), await follow(3), await follow(4)];
  expect(queryObjects(Call, { format: "count" })).toBe(0);
  for (const stream of streams) stream.destroy();
  server.closeAllConnections();
  server.close();
});
