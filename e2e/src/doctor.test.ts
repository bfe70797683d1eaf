import { spawn } from "node:child_process";
import { once } from "node:events";
import { rm } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { createTestDatabase } from "@fermata/embedded/testing";
import { freePort } from "@fermata/embedded/testing/free-port";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Coturn, createCoturn, hasCoturn } from "./setup/coturn";
import { makeDataDir } from "./setup/data-dir";

const doctor = join(dirname(fileURLToPath(import.meta.url)), "../../apps/web/dist/doctor.js");
const secret = "the relay's secret, for one test run";
const what = "The doctor and its relay";

let dataDir: string;
let database: Awaited<ReturnType<typeof createTestDatabase>>;

beforeAll(async () => {
  [dataDir, database] = await Promise.all([makeDataDir(), createTestDatabase()]);
});

afterAll(async () => {
  await database?.drop();
  if (dataDir) await rm(dataDir, { recursive: true, force: true });
});

/** What it says of the relay, and what is to be done. */
async function askOfTurn(env: Record<string, string>) {
  const child = spawn(process.execPath, [doctor], {
    env: {
      ...process.env,
      FERMATA_DATA: join(dataDir, "data"),
      DATABASE_URL: database.url,
      NODE_ENV: "production",
      ...env,
    },
    stdio: ["ignore", "pipe", "inherit"],
  });
  let output = "";
  child.stdout.on("data", (chunk) => {
    output += chunk;
  });
  const [exitCode] = (await once(child, "close")) as [number];
  const lines = output.split("\n");
  const at = lines.findIndex((line) => line.includes("TURN, "));
  return { exitCode, said: lines[at], remedy: lines[at + 1], output };
}

test("without a relay, the doctor says what that means, and finds the rest well", async () => {
  const { exitCode, said, output } = await askOfTurn({});
  expect(said).toMatch(/^ok .*no relay is configured; about one call in five needs one/);
  expect(output).not.toMatch(/^fix/m);
  expect(exitCode).toBe(0);
});

describe.runIf(hasCoturn(what))(what, () => {
  let coturn: Coturn;
  let tlsPort: number;

  beforeAll(async () => {
    tlsPort = await freePort();
    coturn = createCoturn(await freePort(), tlsPort);
    await coturn.start(secret);
  });

  afterAll(() => coturn?.kill());

  const urls = () => [
    `turn:127.0.0.1:${coturn.port}?transport=udp`,
    `turn:127.0.0.1:${coturn.port}?transport=tcp`,
    `turns:127.0.0.1:${tlsPort}?transport=tcp`,
  ];

  test("a relay that relays is well; an address that browsers would not take either is named", async () => {
    const { exitCode, said } = await askOfTurn({
      COTURN_URLS: urls().join(","),
      COTURN_SECRET: secret,
    });
    const [udp, tcp, tls] = urls();
    expect(said).toMatch(/^ok /);
    for (const url of [udp, tcp]) expect(said).toContain(`${url} relays, `);
    expect(said).toContain(`${tls} was not reached: self-signed certificate`);
    expect(exitCode).toBe(0);
  });

  test("another secret than the relay's is found out", async () => {
    const { exitCode, said, remedy } = await askOfTurn({
      COTURN_URLS: urls()[0] ?? "",
      COTURN_SECRET: "another secret",
    });
    expect(said).toMatch(/^fix .*refuses the credentials \(401\)/);
    expect(remedy).toMatch(/COTURN_SECRET/);
    expect(exitCode).toBe(1);
  });

  test("a relay that is not there is found out, whichever way it is asked", async () => {
    const nobody = await freePort();
    const { exitCode, said, remedy } = await askOfTurn({
      TURN_URLS: `turn:127.0.0.1:${nobody}?transport=udp,turn:127.0.0.1:${nobody}?transport=tcp`,
      TURN_USERNAME: "studio",
      TURN_CREDENTIAL: "a password",
    });
    expect(said).toMatch(/^fix /);
    expect(said).toContain("transport=tcp was not reached: connect ECONNREFUSED");
    expect(said).toContain("transport=udp was not reached: it did not answer within 5 s");
    expect(remedy).toMatch(/TURN_URLS/);
    expect(exitCode).toBe(1);
  });
});
