import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { createFermata, type Fermata } from "@fermata/api";
import { createSession } from "../../studio/auth/create-session";
import { revokeToken } from "../../studio/auth/revoke-token";
import type { RequestContext } from "../../studio/context";
import { type DemoThings, rememberDemo } from "../../studio/demo/demo-things";
import { demoInstruments, demoMedia, demoRoom } from "./demo-content";
import { plainPdf } from "./plain-pdf";

interface DemoPlace {
  ctx: RequestContext;
  /** Where the server listens. */
  url: string;
  /** The folder with the pictures. */
  dir: string;
}

/**
 * Fills a studio by the API, as its first admin would, and notes what is whose, so that one click takes it away.
 * @returns null where there is no admin, or a demo was put there before
 */
export async function fillDemo({ ctx, url, dir }: DemoPlace): Promise<DemoThings | null> {
  const admin = await ctx.db.user.findFirst({
    where: { role: "admin", disabledAt: null },
    orderBy: { createdAt: "asc" },
    select: { id: true },
  });
  const earlier = await ctx.db.setting.findUnique({ where: { key: "demo" } });
  if (!admin || earlier) return null;
  const { token } = await createSession(ctx, { userId: admin.id, kind: "token", name: "Demo" });
  try {
    const fermata = createFermata({ url, token });
    const things = await fill(fermata, dir);
    await rememberDemo(ctx, things);
    return things;
  } finally {
    await revokeToken(ctx, token);
  }
}

async function fill(fermata: Fermata, dir: string): Promise<DemoThings> {
  const things: DemoThings = { instrumentIds: [], mediaKeys: [], storageIds: [], roomIds: [] };
  const read = async ({ file, contentType }: { file: string; contentType: string }) =>
    new File([new Uint8Array(await readFile(join(dir, file)))], file, { type: contentType });
  const send = async (
    item: { file: string; contentType: string },
    visibility: "public" | "private",
  ) => {
    const { key } = await fermata.media.upload(await read(item), { visibility });
    things.mediaKeys.push(key);
    return key;
  };

  for (const { visibility, ...item } of demoMedia) await send(item, visibility);
  for (const { details, items, report, published } of demoInstruments) {
    const { instruments } = fermata.trpc;
    const { instrumentId } = await instruments.create.mutate(details);
    things.instrumentIds.push(instrumentId);
    const keys: string[] = [];
    for (const item of items) keys.push(await send(item, "public"));
    const { media } = await instruments.addMedia.mutate({ instrumentId, keys });
    for (const [index, { itemId }] of media.entries()) {
      const { alt, caption } = items[index] ?? {};
      await instruments.updateMedia.mutate({
        instrumentId,
        itemId,
        ...(alt && { alt }),
        ...(caption && { caption }),
      });
    }
    if (report) {
      const pdf = plainPdf(`${report}: ${details.name}`, [
        `${details.maker}, ${details.year}`,
        details.condition,
        ...details.workshopNotes.map(({ when, text }) => `${when}: ${text}`),
        "This is an example.",
      ]);
      const file = new File([pdf], `${report}.pdf`, { type: "application/pdf" });
      const { storageId } = await fermata.files.upload(file);
      things.storageIds.push(storageId);
      await instruments.attachFile.mutate({ instrumentId, storageId, title: report });
    }
    if (published) await instruments.publish.mutate({ instrumentId, published: true });
  }
  const { roomId } = await fermata.trpc.signaling.createRoom.mutate(demoRoom);
  things.roomIds.push(roomId);
  return things;
}
