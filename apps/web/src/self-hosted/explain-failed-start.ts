/** Failures whose message is written for the person who starts the server: where in the code they arose says nothing more. */
const saysItAll = new Set([
  "EnvError",
  "AppError",
  "EmbeddedPostgresError",
  "MigrationError",
  "StartError",
]);

/** Why the server did not start, and what to do. */
export class StartError extends Error {
  override readonly name = "StartError";
}

/** What a start that failed prints. */
export function explainFailedStart(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  if (isDiskFull(error)) return explainFile(error, "ENOSPC");
  if (saysItAll.has(error.name)) return error.message;
  const { code, path } = error as NodeJS.ErrnoException;
  if (code && path && fileFailures[code]) return explainFile(error, code);
  return error.stack ?? error.message;
}

const fileFailures: Record<string, { what: string; remedy: string }> = {
  ENOSPC: {
    what: "The disk is full",
    remedy: "Make room, then start again: nothing that was stored is lost.",
  },
  EDQUOT: { what: "The disk quota is used up", remedy: "Make room, then start again." },
  EROFS: {
    what: "The file system is read-only",
    remedy: "Mount it for writing, or name another folder in FERMATA_DATA.",
  },
  EACCES: {
    what: "This user may not go there",
    remedy: "Start as the user that made it, or change its owner with chown.",
  },
  EPERM: {
    what: "This user may not do that there",
    remedy: "Start as the user that made it, or change its owner with chown.",
  },
  ENOTDIR: { what: "That is no folder", remedy: "Name a folder in FERMATA_DATA." },
  EMFILE: { what: "Too many files are open", remedy: "Raise the limit: `ulimit -n 65536`." },
};

function isDiskFull(error: Error): boolean {
  return (
    (error as NodeJS.ErrnoException).code === "ENOSPC" ||
    // As PostgreSQL says it, of a file that it could write a part of.
    /No space left on device|Check free disk space/.test(error.message)
  );
}

function explainFile(error: Error, code: string): string {
  const { what, remedy } = fileFailures[code] ?? { what: "It cannot be used", remedy: "" };
  const { path } = error as NodeJS.ErrnoException;
  return `${what}${path ? `: ${path}` : ""}. ${remedy}\n(${error.message})`;
}

const silent = "it does not answer. Look at the network and firewalls, or mend the address";
/** What connecting to PostgreSQL may meet, by SQLSTATE or by the system's code. */
const connectionFailures: Record<string, string> = {
  ECONNREFUSED: "nothing listens there. Start PostgreSQL, or mend the address",
  ENOTFOUND: "there is no such host. Mend the address",
  EAI_AGAIN:
    "the name of the host cannot be looked up just now. Look at the network, or mend the address",
  ETIMEDOUT: silent,
  EHOSTUNREACH: "there is no way to that host. Look at the network, or mend the address",
  "28P01": "it refuses the password. Mend user and password",
  "28000": "it refuses this user. Mend the user, or allow it in pg_hba.conf",
  "3D000": "it has no database of that name. Create it with createdb, or mend the name",
  "53300": "all its connections are in use. Lower DATABASE_POOL_SIZE, or raise max_connections",
  "57P03": "it is starting up. Try again in a moment",
  "42501": "this user may not create tables there. GRANT CREATE on the schema to it",
};
const unknownIssuer =
  "its certificate is of an issuer that this machine does not know. Name the issuer's certificate as sslrootcert=/path/to/ca.pem";
/** By what is said where there is no code of its own, or one code for several failures. */
const saidFailures: [said: RegExp, why: string][] = [
  [/timeout expired|terminated due to connection timeout/i, silent],
  [/does not support SSL/i, "it offers no TLS. Turn it on there, or leave sslmode out"],
  [/no encryption/i, "it takes connections by TLS only. Add sslmode=verify-full"],
  [/self-signed certificate|unable to (verify|get)/i, unknownIssuer],
  [/certificate has expired/i, "its certificate has expired. Renew it there, or mend the address"],
  [/does not match certificate/i, "its certificate is of another host. Mend the address"],
];

/** Names the variable behind a database that cannot be reached; any other failure is returned as it came. */
export function explainDatabase(error: unknown, url: string, variable: string): unknown {
  // Node tries each address of a name, and gathers what it met.
  const first = error instanceof AggregateError ? error.errors[0] : error;
  const { code, message } = (first ?? {}) as { code?: string; message?: string };
  const said = saidFailures.find(([words]) => words.test(message ?? ""))?.[1];
  const why = said ?? (code && connectionFailures[code]);
  if (!why) return error;
  const { hostname, port, pathname } = new URL(url);
  return new StartError(
    `PostgreSQL at ${hostname}:${port || 5432}${pathname} cannot be used: ${why} in ${variable}.\n(${message})`,
    { cause: error },
  );
}
