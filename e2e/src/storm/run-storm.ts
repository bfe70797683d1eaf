import { StormClient } from "./client";
import { startInstallation } from "./installation";
import { settle, violations } from "./invariants";
import { type PlannedFault, planFaults } from "./plan-faults";
import { randomFrom } from "./random";
import { roomViolations, StormRoom } from "./room";
import { act, emptyLedger, type StormUser } from "./users";

export interface StormReport {
  seed: number;
  seconds: number;
  faults: string[];
  acknowledged: number;
  failed: number;
  stored: number;
  deleted: number;
  messages: number;
  /** Uploads in parts whose beginning was answered to nobody, or to a server that died of it: the daily sweep's. */
  unheardOf: number;
  /** Empty, or the storm was lost. */
  violations: string[];
}

const userCount = 4;

/** A storm over an installation of its own: what befalls it is decided by the seed. */
export async function runStorm(options: {
  seed: number;
  seconds: number;
  tell?: (line: string) => void;
}): Promise<StormReport> {
  const { seed, seconds, tell = () => {} } = options;
  const installation = await startInstallation();
  try {
    const { urls, admin: account } = installation;
    const stranger = new StormClient(urls, 0);
    const admin = new StormClient(
      urls,
      0,
      (await stranger.mutate("auth.createToken", account)).token,
    );
    const users: StormUser[] = [];
    for (let i = 0; i < userCount; i++) {
      const person = {
        email: `storm-${i}@example.com`,
        password: `nobody guesses storm ${seed}/${i}`,
      };
      await admin.mutate("auth.createUser", person);
      const { token } = await stranger.mutate("auth.createToken", person);
      const client = new StormClient(urls, i, token);
      users.push({ client, random: randomFrom(seed * 1000 + i), ledger: emptyLedger() });
    }
    const room = await StormRoom.open(urls, admin, seed);

    const beganMs = Date.now();
    const untilMs = beganMs + seconds * 1000;
    const faults = planFaults(seed, seconds * 1000);
    const working = Promise.all([
      ...users.map((user) => act(user, untilMs)),
      room.act(randomFrom(seed + 1), untilMs),
    ]);
    await Promise.all([working, suffer(faults, beganMs)]);
    tell("calm; what is in doubt is brought to an end");
    await room.finish();
    const found = [
      ...(await settle(installation, admin, users)),
      ...(await violations(installation, users)),
      ...roomViolations(room.ledger),
    ];
    const sum = (count: (user: StormUser) => number) =>
      users.reduce((total, user) => total + count(user), 0);
    return {
      seed,
      seconds,
      faults: faults.map(({ atMs, kind }) => `${(atMs / 1000).toFixed(0)} s: ${kind}`),
      acknowledged: sum(({ ledger }) => ledger.acknowledged),
      failed: sum(({ ledger }) => ledger.failed),
      stored: sum(({ ledger }) => ledger.files.size + ledger.media.size),
      deleted: sum(({ ledger }) => ledger.deletedFiles.size + ledger.deletedMedia.size),
      unheardOf: installation.multiparts.unheardOf() + installation.multiparts.open().length,
      messages: room.ledger.sent.reduce((total, { length }) => total + length, 0),
      violations: found,
    };

    /** One after another: a fault that is mended late moves the next one. */
    async function suffer(planned: PlannedFault[], fromMs: number): Promise<void> {
      for (const fault of planned) {
        const waitMs = fromMs + fault.atMs - Date.now();
        if (waitMs > 0) await new Promise((resolve) => setTimeout(resolve, waitMs));
        if (Date.now() > untilMs) return;
        tell(`${((Date.now() - fromMs) / 1000).toFixed(1)} s: ${fault.kind}`);
        await installation.suffer(fault);
      }
    }
  } finally {
    await installation.close();
  }
}
