import { randomUUID } from "node:crypto";
import { beforeAll, describe, expect, test } from "vitest";
import { newMember, type Rpc, rpcFor, signIn, signInAdmin } from "./setup/rpc";
import { targets } from "./setup/targets";

describe.each(targets)("identity on $name", (target) => {
  const anonymous = rpcFor(target.baseUrl);
  let admin: Rpc;

  beforeAll(async () => {
    admin = await signInAdmin(target);
  });

  test("a password gives a bearer that says who one is", async () => {
    const { data } = await anonymous.mutate("auth.createToken", {
      email: target.adminEmail.toUpperCase(),
      password: target.adminPassword,
      name: "laptop",
    });
    expect(Date.parse(data.expiresAt)).toBeGreaterThan(Date.now());
    const me = await rpcFor(target.baseUrl, data.token).query("auth.me");
    expect(me.data.user).toMatchObject({
      email: target.adminEmail,
      role: "admin",
      avatarUrl: null,
      id: expect.any(String),
    });
    expect((await anonymous.query("auth.me")).data).toBeNull();
  });

  test("a wrong password and an unknown address are answered alike", async () => {
    const wrong = await anonymous.mutate("auth.createToken", {
      email: `${randomUUID()}@example.com`,
      password: "a wrong password",
    });
    const member = await newMember(target, admin);
    const unknown = await anonymous.mutate("auth.createToken", {
      email: member.email,
      password: "a wrong password",
    });
    for (const { status, error } of [wrong, unknown]) {
      expect([status, error?.data.appCode]).toEqual([401, "UNAUTHENTICATED"]);
    }
    expect(wrong.error?.message).toBe(unknown.error?.message);
  });

  test("guessing is slowed down", async () => {
    const email = `${randomUUID()}@example.com`;
    const answers: (string | undefined)[] = [];
    for (let attempt = 0; attempt < 12; attempt++) {
      const { error } = await anonymous.mutate("auth.createToken", { email, password: "a guess" });
      answers.push(error?.data.appCode);
    }
    expect(answers.slice(0, 10)).toEqual(Array(10).fill("UNAUTHENTICATED"));
    expect(answers.at(-1)).toBe("RATE_LIMITED");
  });

  test("sessions are listed, and a revoked one fails on its next use", async () => {
    const member = await newMember(target, admin);
    const { data: token } = await anonymous.mutate("auth.createToken", {
      email: target.adminEmail,
      password: target.adminPassword,
      name: "to be revoked",
    });
    const other = rpcFor(target.baseUrl, token.token);
    const { data: page } = await other.query("auth.sessions", { limit: 100 });
    const current = page.items.find((session: { current: boolean }) => session.current);
    expect(current).toMatchObject({
      name: "to be revoked",
      sessionId: expect.any(String),
      createdAt: expect.any(String),
      lastUsedAt: expect.any(String),
    });

    const foreign = await member.mutate("auth.revokeSession", { sessionId: current.sessionId });
    expect(foreign.error?.data.appCode).toBe("NOT_FOUND");
    const revoked = await admin.mutate("auth.revokeSession", { sessionId: current.sessionId });
    expect(revoked.data).toEqual({ revoked: true });
    expect((await other.query("auth.me")).data).toBeNull();
    expect((await other.query("auth.sessions")).error?.data.appCode).toBe("UNAUTHENTICATED");
  });

  test("lists are paged by a cursor, each row once", async () => {
    const member = await newMember(target, admin);
    const password = randomUUID();
    await admin.mutate("auth.createUser", { email: `${password}@example.com`, password });
    const names = ["one", "two", "three", "four"];
    for (const name of names) {
      await anonymous.mutate("auth.createToken", {
        email: `${password}@example.com`,
        password,
        name,
      });
    }
    const rpc = await signIn(target, `${password}@example.com`, password);
    const seen: string[] = [];
    let cursor: string | null = null;
    do {
      const page: { items: { name: string }[]; nextCursor: string | null } = (
        await rpc.query("auth.sessions", { limit: 2, ...(cursor && { cursor }) })
      ).data;
      expect(page.items.length).toBeLessThanOrEqual(2);
      seen.push(...page.items.map((session) => session.name));
      cursor = page.nextCursor;
    } while (cursor);
    expect(seen).toEqual(["API token", "four", "three", "two", "one"]);
    expect((await member.query("auth.sessions", { cursor: "nonsense" })).error?.data.appCode).toBe(
      "INVALID_INPUT",
    );
    expect((await member.query("auth.sessions", { limit: 101 })).error?.data.appCode).toBe(
      "INVALID_INPUT",
    );
  });

  test("an invited person sets a password once and signs in", async () => {
    const email = `${randomUUID()}@example.com`;
    const { data } = await admin.mutate("auth.createUser", { email, role: "member" });
    const inviteUrl = new URL(data.inviteUrl);
    expect(inviteUrl.origin).toBe(target.baseUrl);
    const token = inviteUrl.searchParams.get("token");
    expect((await anonymous.query("auth.invitation", { token })).data.email).toBe(email);
    const password = randomUUID();
    const accepted = await anonymous.mutate("auth.acceptInvitation", { token, password });
    expect(accepted.data).toMatchObject({ userId: data.userId, email });
    const again = await anonymous.mutate("auth.acceptInvitation", { token, password });
    expect(again.error?.data.appCode).toBe("NOT_FOUND");
    const rpc = await signIn(target, email, password);
    expect((await rpc.query("auth.me")).data.user.role).toBe("member");
  });

  test("only admins create users, and an address has one account", async () => {
    const member = await newMember(target, admin);
    const email = `${randomUUID()}@example.com`;
    const refused = await member.mutate("auth.createUser", { email });
    expect([refused.status, refused.error?.data.appCode]).toEqual([403, "FORBIDDEN"]);
    const twice = await admin.mutate("auth.createUser", { email: member.email.toUpperCase() });
    expect(twice.error?.data.appCode).toBe("CONFLICT");
  });

  test("sign-up is by invitation until an admin opens it", async () => {
    const account = { email: `${randomUUID()}@example.com`, password: randomUUID() };
    await admin.mutate("settings.update", { signUp: "invitation" });
    expect((await anonymous.mutate("auth.signUp", account)).error?.data.appCode).toBe("FORBIDDEN");
    await admin.mutate("settings.update", { signUp: "open" });
    expect((await anonymous.query("settings.public")).data.signUp).toBe("open");
    expect((await anonymous.mutate("auth.signUp", account)).data.userId).toEqual(
      expect.any(String),
    );
    await admin.mutate("settings.update", { signUp: "invitation" });
    const rpc = await signIn(target, account.email, account.password);
    expect((await rpc.query("settings.get")).error?.data.appCode).toBe("FORBIDDEN");
  });

  test("changing the password signs the others out", async () => {
    const email = `${randomUUID()}@example.com`;
    const password = randomUUID();
    await admin.mutate("auth.createUser", { email, password });
    const [here, there] = [
      await signIn(target, email, password),
      await signIn(target, email, password),
    ];
    const newPassword = randomUUID();
    const changed = await here.mutate("auth.changePassword", {
      currentPassword: password,
      newPassword,
    });
    expect(changed.data).toEqual({ revokedSessions: 1 });
    expect((await there.query("auth.me")).data).toBeNull();
    expect((await here.query("auth.me")).data.user.email).toBe(email);
    await signIn(target, email, newPassword);
  });

  test("a cookie sign-in is a row of the same table; a cookie of another site's request is not believed", async () => {
    const cookies = new Map<string, string>();
    const keep = (response: Response) => {
      for (const cookie of response.headers.getSetCookie()) {
        const [pair = ""] = cookie.split(";");
        cookies.set(pair.slice(0, pair.indexOf("=")), pair);
      }
      return response;
    };
    const header = () => [...cookies.values()].join("; ");
    const { csrfToken } = await keep(await fetch(`${target.baseUrl}/api/auth/csrf`)).json();
    const signedIn = keep(
      await fetch(`${target.baseUrl}/api/auth/callback/credentials`, {
        method: "POST",
        headers: {
          "content-type": "application/x-www-form-urlencoded",
          cookie: header(),
          "user-agent": "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0",
        },
        body: new URLSearchParams({
          csrfToken,
          email: target.adminEmail,
          password: target.adminPassword,
          json: "true",
        }),
      }),
    );
    expect(signedIn.status).toBe(200);

    const me = (headers: Record<string, string>) =>
      fetch(`${target.baseUrl}/api/trpc/auth.me`, {
        headers: { cookie: header(), ...headers },
      }).then(async (response) => (await response.json()).result.data);
    expect((await me({})).user.email).toBe(target.adminEmail);
    expect((await me({ "sec-fetch-site": "same-origin" })).user.email).toBe(target.adminEmail);
    expect(await me({ "sec-fetch-site": "cross-site" })).toBeNull();
    expect(await me({ origin: "https://evil.example" })).toBeNull();

    const { data } = await admin.query("auth.sessions", { limit: 100 });
    const row = data.items.find((session: { kind: string }) => session.kind === "browser");
    expect(row.name).toBe("Firefox 140 on Linux");
    await admin.mutate("auth.revokeSession", { sessionId: row.sessionId });
    expect(await me({})).toBeNull();
  });

  test("frontends on an allowed origin may ask, others may not", async () => {
    const ask = (origin: string) =>
      fetch(`${target.baseUrl}/api/trpc/auth.me`, {
        method: "OPTIONS",
        headers: { origin, "access-control-request-method": "POST" },
      });
    const allowed = await ask(target.allowedOrigin);
    expect(allowed.status).toBe(204);
    expect(allowed.headers.get("access-control-allow-origin")).toBe(target.allowedOrigin);
    expect(allowed.headers.get("access-control-allow-headers")).toContain("authorization");
    const refused = await ask("https://evil.example");
    expect(refused.headers.get("access-control-allow-origin")).toBeNull();
  });
});
