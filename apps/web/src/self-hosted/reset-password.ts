import { createStunOnlyIceProvider } from "@fermata/server/adapters/ice/stun-only";
import { createPostgresRoomBus } from "@fermata/server/adapters/room-bus/postgres";
import { openDatabase, systemClock } from "@fermata/server/internal";
import { createLog } from "../log";
import { resetFromTerminal } from "../studio/auth/reset-from-terminal";
import { provideDefaults } from "./embedded-defaults";

export interface ResetLine {
  env: Record<string, string | undefined>;
  print(line: string): void;
  printError(line: string): void;
}

const usage =
  "Usage: npm run fermata -- reset-password <email> [--without-second-factor]\n\nGives the account a new password and prints it. It works on this machine's database, also while nothing else runs.";

/**
 * `fermata reset-password <email>`: the one command that asks the database and not the server, since nobody can sign in.
 * @returns the process's exit code: 0 done, 1 failed, 2 not understood
 */
export async function resetPassword(args: string[], line: ResetLine): Promise<number> {
  const removeSecondFactor = args.includes("--without-second-factor");
  const [email, ...more] = args.filter((arg) => arg !== "--without-second-factor");
  if (!email || email.startsWith("-") || more.length > 0) {
    line.printError(usage);
    return 2;
  }
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
      return 1;
    }
    line.print(`New password of ${done.email} (${done.role}): ${done.password}`);
    if (done.enabled) line.print("The account was disabled; it is enabled again.");
    if (done.endedSessions > 0) line.print("Everybody who was signed in with it is signed out.");
    if (done.hadSecondFactor && !removeSecondFactor) {
      line.print(
        "A code of the authenticator app is still asked for. If it is lost as well, run this with --without-second-factor.",
      );
    }
    return 0;
  } finally {
    await bus.close();
    await database.close();
    await postgres?.stopIfUnused();
  }
}
