import { afterEach, beforeEach, expect, test } from "vitest";
import { browserOf, openHostLab } from "../testing/host-lab";
import { imageOf } from "../testing/sample-images";

let lab: Awaited<ReturnType<typeof openHostLab>>;
beforeEach(async () => {
  lab = await openHostLab();
});
afterEach(() => lab.close());

async function openApp() {
  const fermata = lab.mount(
    { url: lab.url },
    {
      publicOrigin: "https://app.example.com",
      describeUsers: async () => new Map([["maja", { name: "Maja", email: "maja@example.com" }]]),
    },
  );
  await fermata.migrate();
  await lab.makeInvoices();
  const operator = browserOf({ handler: fermata.operator.handlerFor({ userId: "operator" }) }, "x");
  return { fermata, operator };
}

test("an operator sees by name what everybody has, and not what is private of it", async () => {
  const { fermata, operator } = await openApp();
  await browserOf(fermata).upload({ as: "invoice", input: { invoiceId: "7" } });
  lab.clock.advance(1);
  await browserOf(fermata, "theo").upload();
  const picture = await imageOf({ format: "png", width: 64, height: 48 });
  for (const visibility of ["public", "private"] as const) {
    lab.clock.advance(1);
    await fermata.media.store(picture, {
      ownerId: "maja",
      contentType: "image/png",
      filename: `${visibility}.png`,
      visibility,
    });
  }

  const files = (await operator.query("files.list", { owner: "all" })).body.result.data.items;
  expect(files).toMatchObject([
    { url: null, owner: { id: "theo", name: null, email: "" } },
    { url: null, owner: { id: "maja", name: "Maja" }, attachedTo: { id: "7" } },
  ]);
  const media = (await operator.query("storage.list", { owner: "all" })).body.result.data.items;
  expect(media).toHaveLength(2);
  const [hidden, shown] = media;
  expect(hidden).toMatchObject({ filename: "private.png", url: null, owner: { name: "Maja" } });
  expect(hidden).not.toHaveProperty("variants");
  expect(hidden).not.toHaveProperty("thumbHash");
  // Where the request came in, and not at the app.
  expect(shown).toMatchObject({ filename: "public.png", owner: { id: "maja" } });
  expect(shown.url).toContain("/api/fermata/objects/");

  const member = browserOf(fermata, "theo");
  expect((await member.query("storage.list", { owner: "all" })).status).toBe(403);
  expect((await member.query("storage.list")).body.result.data.items).toEqual([]);
});

test("the app's own door knows no operator", async () => {
  const { fermata, operator } = await openApp();
  expect((await operator.query("crons.list")).status).toBe(200);
  expect((await browserOf(fermata).query("crons.list")).status).toBe(403);
  const { engine, registeredAt } = await fermata.operator.jobs();
  expect([engine, registeredAt]).toEqual(["inngest", null]);
  expect(fermata.operator.store).toMatchObject({ name: "disk", directory: lab.dir });
  expect(fermata.operator.migrations().length).toBeGreaterThan(10);
});
