import { codeOf, openRoom } from "@fermata/server/testing/rooms";
import { TOTP } from "otpauth";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import {
  callerFor,
  createServicesOn,
  createTestServices,
  requestContext,
  type TestServices,
} from "../testing/studio-lab";
import { createSession } from "./create-session";
import { createUser } from "./create-user";
import { issueDeviceToken } from "./device-token";
import { rememberNetwork } from "./known-networks";
import { verifyCredentials } from "./verify-credentials";

let services: TestServices;
beforeAll(async () => {
  services = await createTestServices();
});
afterAll(() => services.dispose());

const password = "the right one 1";
let people = 0;

async function newPerson(role: "admin" | "member" = "member") {
  const email = `person-${++people}@example.com`;
  const ctx = await requestContext(services);
  const { userId } = await createUser(ctx, { email, password, role });
  return { id: userId, email };
}

interface Attempt {
  password?: string;
  from?: string;
  deviceToken?: string;
  totp?: string;
}

async function attempt(email: string, { from = "192.0.2.7", ...given }: Attempt = {}) {
  const ctx = { ...(await requestContext(services)), clientAddress: from };
  return verifyCredentials(ctx, { email, password, ...given }).then(
    () => "in",
    ({ code, details }) => details?.secondFactor ?? code,
  );
}

async function guess(email: string, times: number, from = "198.51.100.66") {
  const answers: string[] = [];
  for (let i = 0; i < times; i++) answers.push(await attempt(email, { password: "a guess", from }));
  return answers;
}

describe("guesses", () => {
  test("ten of a stranger are answered, then they wait; the owner comes in from where they were", async () => {
    const { email } = await newPerson();
    expect(await attempt(email)).toBe("in");
    const answers = await guess(email, 12);
    expect(answers.slice(0, 10)).toEqual(Array(10).fill("UNAUTHENTICATED"));
    expect(answers.slice(10)).toEqual(["RATE_LIMITED", "RATE_LIMITED"]);
    expect(await attempt(email, { from: "198.51.100.66" })).toBe("RATE_LIMITED");
    expect(await attempt(email)).toBe("in");
  });

  test.each(["192.0.2.7", "127.0.0.1", "unknown"])(
    "of a stranger at the owner's own address, %s, do not keep the owner out",
    async (from) => {
      const { email } = await newPerson();
      expect(await attempt(email, { from })).toBe("in");
      expect((await guess(email, 15, from)).at(-1)).toBe("RATE_LIMITED");
      expect(await attempt(email, { from })).toBe("in");
      // And being right does not give the stranger ten more.
      expect(await guess(email, 1, from)).toEqual(["RATE_LIMITED"]);
    },
  );

  test("from everywhere do not keep out whoever shows that they were here before", async () => {
    const { email } = await newPerson();
    const deviceToken = issueDeviceToken(services, email);
    for (let i = 0; i < 10; i++) await guess(email, 10, `203.0.113.${i}`);
    expect(await guess(email, 1, "203.0.113.99")).toEqual(["RATE_LIMITED"]);
    expect(await attempt(email, { from: "203.0.113.100" })).toBe("RATE_LIMITED");
    expect(await attempt(email, { from: "203.0.113.100", deviceToken })).toBe("in");
    const other = issueDeviceToken(services, "somebody-else@example.com");
    expect(await attempt(email, { from: "203.0.113.101", deviceToken: other })).toBe(
      "RATE_LIMITED",
    );
  });

  test("at a hundred accounts from one network end there, and nobody else's", async () => {
    const { email } = await newPerson();
    const { email: known } = await newPerson();
    expect(await attempt(known, { from: "203.0.113.200" })).toBe("in");
    const answers: string[] = [];
    const spray = async (i: number) => {
      answers[i] = await attempt(`nobody-${i}@example.com`, { from: "203.0.113.200" });
    };
    for (let i = 0; i < 104; i += 8) {
      await Promise.all(Array.from({ length: 8 }, (_, k) => spray(i + k)));
    }
    expect(answers.filter((answer) => answer === "UNAUTHENTICATED")).toHaveLength(100);
    expect(await attempt(email, { from: "203.0.113.200" })).toBe("RATE_LIMITED");
    expect(await attempt(known, { from: "203.0.113.200" })).toBe("in");
    expect(await attempt(email, { from: "203.0.113.201" })).toBe("in");
  });

  test("many at once are no more than one after the other", async () => {
    const { email } = await newPerson();
    const answers = await Promise.all(
      Array.from({ length: 40 }, () => attempt(email, { password: "a guess" })),
    );
    expect(answers.filter((answer) => answer === "UNAUTHENTICATED")).toHaveLength(10);
  });

  test("from where nobody can be told apart lock nobody else out", async () => {
    for (let i = 0; i < 110; i++) await guess(`made-up-${i}@example.com`, 1, "unknown");
    const { email: newcomer } = await newPerson();
    expect(await attempt(newcomer, { from: "unknown" })).toBe("in");
  });

  test("are written down in one row an account, network and hour", async () => {
    const { id, email } = await newPerson();
    await guess(email, 5);
    await guess(email, 2, "203.0.113.55");
    const rows = await services.db.auditEvent.findMany({
      where: { subjectId: id, kind: "signIn.failed" },
      orderBy: { count: "desc" },
    });
    expect(rows.map(({ count, address }) => [count, address])).toEqual([
      [5, "198.51.100.66"],
      [2, "203.0.113.55"],
    ]);
  });
});

describe("a second factor", () => {
  async function withFactor() {
    const person = await newPerson();
    const caller = await callerFor(services, person);
    const { secret, uri } = await caller.auth.startSecondFactor({ password });
    expect(uri).toMatch(/^otpauth:\/\/totp\/Fermata:person-/);
    const app = new TOTP({ secret });
    const code = () => app.generate({ timestamp: services.clock.now().getTime() });
    expect(await attempt(person.email)).toBe("in");
    expect(await codeOf(caller.auth.confirmSecondFactor({ totp: "000000" }))).toBe("INVALID_INPUT");
    const { recoveryCodes } = await caller.auth.confirmSecondFactor({ totp: code() });
    services.clock.advance(30);
    return { ...person, caller, code, recoveryCodes };
  }

  test("is asked for once it is confirmed, after the right password alone, and each code counts once", async () => {
    const { email, code } = await withFactor();
    expect(await attempt(email)).toBe("required");
    expect(await attempt(email, { password: "a guess", totp: code() })).toBe("UNAUTHENTICATED");
    expect(await attempt(email, { totp: "123456" })).toBe("wrong");
    const once = code();
    expect(await attempt(email, { totp: ` ${once.slice(0, 3)} ${once.slice(3)} ` })).toBe("in");
    expect(await attempt(email, { totp: once })).toBe("wrong");
    services.clock.advance(30);
    expect(await attempt(email, { totp: code() })).toBe("in");
  });

  test("gives ten recovery codes, each good once, in whatever case", async () => {
    const { email, caller, recoveryCodes, code } = await withFactor();
    expect(recoveryCodes).toHaveLength(10);
    const [first = ""] = recoveryCodes;
    expect(await attempt(email, { totp: first.toUpperCase() })).toBe("in");
    expect(await attempt(email, { totp: first })).toBe("wrong");
    expect(await caller.auth.secondFactor()).toMatchObject({ on: true, recoveryCodesLeft: 9 });
    const renewed = await caller.auth.renewRecoveryCodes({ totp: code() });
    expect(await attempt(email, { totp: recoveryCodes[1] ?? "" })).toBe("wrong");
    expect(await attempt(email, { totp: renewed.recoveryCodes[1] ?? "" })).toBe("in");
  });

  test("cannot be guessed, nor turned on twice, nor kept from whoever turns it off", async () => {
    const { id, email, caller, code } = await withFactor();
    const again = (await callerFor(services, { id })).auth.startSecondFactor({ password });
    expect(await codeOf(again)).toBe("CONFLICT");
    const answers: string[] = [];
    for (let i = 0; i < 21; i++) answers.push(await attempt(email, { totp: "000001" }));
    expect(answers.at(-1)).toBe("RATE_LIMITED");
    expect(await caller.auth.turnOffSecondFactor({ totp: code() })).toEqual({ on: false });
    expect(await attempt(email)).toBe("in");
  });

  test("stands in the table as nobody can read it", async () => {
    const { id } = await withFactor();
    const { sealedSecret } = await services.db.secondFactor.findUniqueOrThrow({
      where: { userId: id },
    });
    expect(sealedSecret).not.toMatch(/^[A-Z2-7]+$/);
  });
});

test("an account that is removed while somebody signs in is answered as one that never was", async () => {
  const gone = "an-account-that-was-removed";
  const ctx = { ...services, clientAddress: "192.0.2.1" };
  const session = { userId: gone, kind: "token", name: "laptop" } as const;
  expect(await codeOf(createSession(ctx, session))).toBe("UNAUTHENTICATED");
  expect(await codeOf(rememberNetwork(ctx, gone))).toBe("UNAUTHENTICATED");
});

describe("sessions", () => {
  test("are a hundred at most: the one that was not used for the longest goes", async () => {
    const person = await newPerson();
    const caller = await callerFor(services, person);
    for (let i = 0; i < 100; i++) {
      services.clock.advance(1);
      await callerFor(services, person);
    }
    expect(await services.db.session.count({ where: { userId: person.id } })).toBe(100);
    const { items } = await (await callerFor(services, person)).auth.sessions({ limit: 100 });
    expect(items).toHaveLength(100);
    expect(caller).toBeDefined();
  });

  test.each(["revoked", "ended by a new password", "ended by the owner of another"] as const)(
    "that are %s take their room seats along",
    async (how) => {
      const person = await newPerson();
      const [here, there] = [await callerFor(services, person), await callerFor(services, person)];
      const room = await openRoom(services);
      const { roomToken } = await there.signaling.join({ ...room, displayName: "Maja" });
      const seat = await callerFor(services, roomToken);
      expect((await seat.signaling.peers(room)).peers).toHaveLength(1);
      const { items } = await there.auth.sessions({ limit: 10 });
      const current = items.find((session) => session.current)?.sessionId ?? "";
      if (how === "revoked") await there.auth.revokeSession({ sessionId: current });
      else if (how === "ended by the owner of another") {
        await here.auth.revokeSession({ sessionId: current });
      } else {
        const newPassword = "another right one";
        await here.auth.changePassword({ currentPassword: password, newPassword });
      }
      const after = await callerFor(services, roomToken);
      expect(await codeOf(after.signaling.peers(room))).toBe("UNAUTHENTICATED");
      const send = { roomId: room.roomId, messages: [{ kind: "x", payload: 0 }] };
      expect(await codeOf(after.signaling.send(send))).toBe("UNAUTHENTICATED");
    },
  );
});

test("signing up tells nobody who has an account, and leaves it as it is", async () => {
  await services.db.setting.create({
    data: { key: "signUp", value: "open", updatedAt: services.clock.now() },
  });
  const { email } = await newPerson();
  const anybody = async () => callerFor(services, null);
  const taken = await (await anybody()).auth.signUp({ email, password: "a stranger's own" });
  const free = await (await anybody()).auth.signUp({
    email: "free@example.com",
    password: "a stranger's own",
  });
  expect(Object.keys(taken)).toEqual(Object.keys(free));
  expect(await attempt(email)).toBe("in");
  expect(await attempt("free@example.com", { password: "a stranger's own" })).toBe("in");
  const common = (await anybody()).auth.signUp({ email: "x@example.com", password: "password" });
  expect(await codeOf(common)).toBe("INVALID_INPUT");
});

test("one request sets or checks one password", async () => {
  const caller = await callerFor(services, null);
  const ask = () => caller.auth.createToken({ email: "maja@example.com", password: "a guess" });
  expect(await codeOf(ask())).toBe("UNAUTHENTICATED");
  expect(await codeOf(ask())).toBe("RATE_LIMITED");
});

test("limits hold in another process", async () => {
  const { email } = await newPerson();
  await guess(email, 10, "203.0.113.77");
  const { rows } = await services.pool.query<{ name: string }>("SELECT current_database() AS name");
  const url = new URL(String(services.pool.options.connectionString));
  url.pathname = `/${rows[0]?.name}`;
  const other = await createServicesOn(url.href);
  const ctx = { ...(await requestContext(other)), clientAddress: "203.0.113.77" };
  await expect(verifyCredentials(ctx, { email, password })).rejects.toMatchObject({
    code: "RATE_LIMITED",
  });
  await other.dispose();
});
