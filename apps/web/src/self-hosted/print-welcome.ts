import type { ReadinessCheck } from "@fermata/server";

interface Welcome {
  url: string;
  /** Where Piano Mirror is; null where it is nowhere. */
  mirror: string | null;
  /** The port that was asked for, when another had to be taken. */
  takenPort: number | null;
  admin: { email: string; newPassword: string | null } | null;
  dataDir: string;
  /** Where the database is, when not in `dataDir`: a backup of that folder alone lacks it. */
  databaseDir: string | null;
  database: string;
  objectStore: string;
  cronEngine: string;
  iceProvider: string;
  readiness: ReadinessCheck[];
  startedInMs: number;
}

/** The one block that a start prints. */
export function printWelcome(welcome: Welcome): void {
  const { admin } = welcome;
  const signIn = !admin
    ? "with your account"
    : admin.newPassword
      ? `${admin.email}  ${admin.newPassword}   (shown once)`
      : `${admin.email}  with the password you set`;
  const rows: [string, string][] = [
    ["Open", welcome.url],
    ["Sign in", signIn],
    ["Data", welcome.dataDir],
    ...(welcome.databaseDir
      ? ([
          ["Database", `${welcome.databaseDir}   (not in the folder above: back up both)`],
        ] satisfies [string, string][])
      : []),
    [
      "Parts",
      `${welcome.database}, ${welcome.objectStore}, ${welcome.cronEngine}, ${welcome.iceProvider}`,
    ],
    ["Stop", "Ctrl-C"],
  ];
  if (welcome.mirror) {
    rows.splice(1, 0, ["Mirror", `${welcome.mirror}   (two pianos, one view)`]);
  }
  const lines = rows.map(([label, value]) => `  ${label.padEnd(10)}${value}`);
  if (welcome.takenPort !== null) {
    lines.push("", `  Port ${welcome.takenPort} was taken, so this is the next free one.`);
  }
  for (const { name, ok, remedy, notice } of welcome.readiness) {
    if (!ok) lines.push("", `  Not ready: ${name}. ${remedy}`);
    if (notice) lines.push("", `  Look here: ${notice}`);
  }
  const title = `  Fermata is running (${(welcome.startedInMs / 1000).toFixed(1)} s): files, media, jobs and rooms for your React app`;
  process.stdout.write(`\n${title}\n\n${lines.join("\n")}\n\n`);
}
