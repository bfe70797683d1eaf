import { rm } from "node:fs/promises";
import { createServer, request as send } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { createFermata } from "@fermata/api";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { makeDataDir } from "./setup/data-dir";
import { newMember, signInAdmin } from "./setup/rpc";
import { type S3Store, startS3Store } from "./setup/s3-store";
import { png } from "./setup/samples";
import { type RunningServer, startSelfHosted } from "./setup/start-server";
import { targets } from "./setup/targets";

/** As Vercel does before its functions. */
const limitBytes = 4_500_000;

/** A proxy that lets no larger body through. */
async function startStrictProxy(target: string, { signature = "" } = {}) {
  const { hostname, port } = new URL(target);
  let refused = 0;
  const server = createServer((incoming, outgoing) => {
    const { method, url: path, headers } = incoming;
    if (Number(headers["content-length"] ?? 0) > limitBytes) {
      refused++;
      incoming.resume();
      incoming.on("end", () => outgoing.writeHead(413, { server: signature }).end("too large"));
      return;
    }
    const onward = send({ hostname, port, method, path, headers }, (answer) => {
      outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(outgoing);
    });
    onward.on("error", () => outgoing.destroy());
    incoming.pipe(onward);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    refused: () => refused,
    close: () => new Promise((resolve) => server.close(resolve)),
  };
}

describe.runIf(targets.some(({ name }) => name === "self-hosted"))(
  "an avatar of 5 MiB behind a proxy that lets 4.5 MB through",
  () => {
    let dir: string;
    let store: S3Store;
    let server: RunningServer;
    let proxy: Awaited<ReturnType<typeof startStrictProxy>>;
    beforeAll(async () => {
      [dir, store] = await Promise.all([makeDataDir(), startS3Store()]);
      server = await startSelfHosted(join(dir, "data"), undefined, store.envAt(store.origin));
      proxy = await startStrictProxy(server.target.baseUrl);
    });
    afterAll(async () => {
      await proxy?.close();
      await server?.stop();
      await store?.close();
      await rm(dir, { recursive: true, force: true });
    });

    test("arrives by way of the store, by the same call", async () => {
      const member = await newMember(server.target, await signInAdmin(server.target));
      const client = createFermata({ url: proxy.origin, token: member.token ?? "" });
      const bytes = Buffer.alloc(5 * 1024 * 1024);
      png().copy(bytes);
      const { storageId } = await client.files.upload(new Blob([bytes], { type: "image/png" }));
      expect(proxy.refused()).toBe(0);
      const { avatarUrl } = await client.trpc.profile.setAvatar.mutate({ storageId });
      expect(avatarUrl).toContain(storageId);
      const served = await fetch((await client.trpc.files.getUrl.query({ storageId })) ?? "");
      expect(Buffer.from(await served.arrayBuffer()).equals(bytes)).toBe(true);
    });
  },
);
