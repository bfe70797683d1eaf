import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";
import { SMTPServer } from "smtp-server";
import { afterEach, expect, test } from "vitest";
import { createSmtpNotifier } from "./smtp-notifier";

const password = "a password of the post office";
const servers: SMTPServer[] = [];
afterEach(async () => {
  for (const server of servers.splice(0)) await new Promise<void>((done) => server.close(done));
});

/** A post office on this machine. What it got, as it stood in the envelope and below. */
async function startPostOffice() {
  const letters: { to: string[]; user: string | undefined; source: string }[] = [];
  const server = new SMTPServer({
    // Its certificate would be nobody's.
    disabledCommands: ["STARTTLS"],
    allowInsecureAuth: true,
    onAuth: ({ username, password: given }, _session, answer) =>
      given === password ? answer(null, { user: username }) : answer(new Error("no such user")),
    async onData(stream, { envelope, user }, answer) {
      const source = await text(stream);
      letters.push({ to: envelope.rcptTo.map(({ address }) => address), user, source });
      answer();
    },
  });
  servers.push(server);
  server.on("error", () => {});
  const listening = server.listen(0, "127.0.0.1");
  await once(listening, "listening");
  return { letters, port: (listening.address() as AddressInfo).port };
}

const message = {
  kind: "job.failing",
  severity: "error" as const,
  title: "„Rechnungen“ ist dreimal gescheitert",
  text: "broken\nagain",
  url: "https://studio.example.com/crons/bill",
};
const notifier = (port: number, given = password) =>
  createSmtpNotifier({
    url: `smtp://fermata:${encodeURIComponent(given)}@127.0.0.1:${port}`,
    from: "Studio <fermata@example.com>",
    to: ["maja@example.com", "tom@example.com"],
  });

test("what happened comes by mail, to all who are named", async () => {
  const { letters, port } = await startPostOffice();
  await notifier(port).notify(message);
  const [letter] = letters;
  expect(letter).toMatchObject({ to: ["maja@example.com", "tom@example.com"], user: "fermata" });
  const [head = "", ...body] = (letter?.source ?? "").split("\r\n\r\n");
  const subject = /^Subject: ((?:.|\r\n )*)/m.exec(head)?.[1];
  expect(decodeSubject(subject ?? "")).toBe(message.title);
  expect(head).toMatch(/^Auto-Submitted: auto-generated$/m);
  expect(head).toMatch(/^X-Priority: 1/m);
  expect(body.join("\n\n").trim()).toBe("broken\r\nagain\n\nhttps://studio.example.com/crons/bill");
});

/** RFC 2047, as mail programs read it. */
function decodeSubject(subject: string): string {
  return subject
    .replace(/\?=\s+=\?/g, "?==?")
    .replace(/=\?utf-8\?q\?(.*?)\?=/gi, (_, encoded: string) =>
      decodeURIComponent(encoded.replaceAll("_", "%20").replaceAll("=", "%")),
    )
    .replace(/=\?utf-8\?b\?(.*?)\?=/gi, (_, encoded: string) =>
      Buffer.from(encoded, "base64").toString("utf8"),
    );
}

test("a wrong password, and a post office that is away, are said by name", async () => {
  const { letters, port } = await startPostOffice();
  const refused = { code: "UPSTREAM_UNAVAILABLE", details: { service: "e-mail" } };
  await expect(notifier(port, "a wrong one").notify(message)).rejects.toMatchObject(refused);
  const closed = createServer().listen(0, "127.0.0.1");
  await once(closed, "listening");
  const { port: free } = closed.address() as AddressInfo;
  await new Promise((done) => closed.close(done));
  await expect(notifier(free).notify(message)).rejects.toMatchObject(refused);
  expect(letters).toEqual([]);
});
