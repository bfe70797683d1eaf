import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { openTestComposition } from "../testing/test-composition";
import { mayEnter } from "./may-enter";

let dir: string;
let opened: Awaited<ReturnType<typeof openTestComposition>>;

beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), "fermata-enter-"));
  opened = await openTestComposition(dir);
});
afterAll(async () => {
  await opened.close();
  await rm(dir, { recursive: true, force: true });
});

test("a provider lets in whom it knows, but stands in for no second factor", async () => {
  const { services } = opened.composition;
  const email = "maja@example.com";
  const userId = "maja";
  await services.db.user.create({
    data: { id: userId, email, role: "member", createdAt: services.clock.now() },
  });
  const account = { provider: "github", providerAccountId: "42" };
  await services.db.account.create({ data: { ...account, userId, type: "oauth" } });
  const enter = () => mayEnter(services, { email }, account);
  expect(await enter()).toBe(true);

  const factor = { userId, sealedSecret: "sealed", createdAt: services.clock.now() };
  await services.db.secondFactor.create({ data: factor });
  // It was begun, and not confirmed.
  expect(await enter()).toBe(true);
  await services.db.secondFactor.update({
    where: { userId },
    data: { confirmedAt: services.clock.now() },
  });
  await expect(enter()).rejects.toMatchObject({
    code: "UNAUTHENTICATED",
    details: { secondFactor: "required" },
  });

  await services.db.user.update({
    where: { id: userId },
    data: { disabledAt: services.clock.now() },
  });
  await expect(enter()).rejects.toMatchObject({ code: "FORBIDDEN" });
});

test("a stranger comes in by a provider only where sign-up is open", async () => {
  const { services } = opened.composition;
  const stranger = { provider: "google", providerAccountId: "7" };
  expect(await mayEnter(services, { email: "new@example.com" }, stranger)).toBe(false);
});
