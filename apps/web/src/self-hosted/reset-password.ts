import { createStunOnlyIceProvider } from "@fermata/server/adapters/ice/stun-only";
import { createPostgresRoomBus } from "@fermata/server/adapters/room-bus/postgres";
import { openDatabase, systemClock } from "@fermata/server/internal";
import type { Terminal } from "fermata/internal";
import { createLog } from "../log";
import { resetFromTerminal } from "../studio/auth/reset-from-terminal";
import { provideDefaults } from "./embedded-defaults";

/**
 * The one command that asks the database and not the server, since nobody can sign in.
 * @returns whether there is such an account
 */
export async function resetPassword(
  line: Terminal,
  { email, removeSecondFactor }: { email: string; removeSecondFactor: boolean },
): Promise<boolean> {
  const { env, postgres, dataDir } = await provideDefaults(line.env, () => {});
  const log = createLog(env);
  const url = env.DATABASE_URL;
  const database = openDatabase({ url, log, maxConnections: 3 });
  const bus = createPostgresRoomBus({ connectionString: env.DATABASE_DIRECT_URL ?? url, log });
  try {
    // Credentials of a relay are revoked by the server's own job.
    const ice = createStunOnlyIceProvider();
    const ctx = { ...database, bus, ice, clock: systemClock, log };
    const done = await resetFromTerminal(ctx, { email, removeSecondFactor });
    if (!done) {
      const place = postgres ? dataDir : "the database of DATABASE_URL";
      line.printError(`No account has the address ${email} in ${place}.`);
      return false;
    }
    line.print(`New password of ${done.email} (${done.role}): ${done.password}`);
    if (done.enabled) line.print("The account was disabled; it is enabled again.");
    if (done.endedSessions > 0) line.print("Everybody who was signed in with it is signed out.");
    if (done.hadSecondFactor && !removeSecondFactor) {
      line.print(
        "A code of the authenticator app is still asked for. If it is lost as well, run this with --without-second-factor.",
      );
    }
    return true;
  } finally {
    await bus.close();
    await database.close();
    await postgres?.stopIfUnused();
  }
}
