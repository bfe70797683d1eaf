import { parseArgs } from "node:util";
import { toFermataError } from "@fermata/api";
import { backup } from "./backup/backup";
import { restore } from "./backup/restore";
import { type Command, type CommandLine, type Flags, UsageError } from "./command";
import { importConvex } from "./convex/import-convex";
import { cronsHistory } from "./crons/crons-history";
import { cronsList } from "./crons/crons-list";
import { cronsPause, cronsResume } from "./crons/crons-pause";
import { cronsRun } from "./crons/crons-run";
import { cronsShow } from "./crons/crons-show";
import { mediaExport } from "./media/media-export";
import { mediaReindex } from "./media/media-reindex";
import { askForToken, signIn } from "./sign-in";
import { storageAdopt } from "./storage/storage-adopt";
import { storageStatus } from "./storage/storage-status";
import { storageSweep } from "./storage/storage-sweep";
import {
  usersDisable,
  usersEnable,
  usersInvite,
  usersList,
  usersResetLink,
  usersResetSecondFactor,
  usersRole,
} from "./users/users";
import { usersRemove } from "./users/users-remove";

const commands: readonly Command[] = [
  cronsList,
  cronsRun,
  cronsPause,
  cronsResume,
  cronsHistory,
  cronsShow,
  mediaReindex,
  mediaExport,
  storageStatus,
  storageAdopt,
  storageSweep,
  importConvex,
  usersList,
  usersInvite,
  usersResetLink,
  usersRole,
  usersDisable,
  usersEnable,
  usersResetSecondFactor,
  usersRemove,
];

/** Those that work on the data themselves, with a server or without one. */
const localCommands: Record<string, (line: CommandLine, folder: string) => Promise<void>> = {
  backup,
  restore,
};
/** Which may be said with it, for who expects one. */
const placeFlags = { to: { type: "string" }, from: { type: "string" } } as const;

/** @returns the process's exit code: 0 done, 1 failed, 2 not understood */
export async function runCommandLine(args: string[], line: CommandLine): Promise<number> {
  try {
    const { words, json, help, flags } = readArguments(args);
    if (words[0] === "token") {
      line.print(await askForToken(line, "Command line"));
      return 0;
    }
    const place = words[1] ?? flags.to ?? flags.from;
    const local = words.length <= 2 ? localCommands[words[0] ?? ""] : undefined;
    if (local && typeof place === "string" && !help) {
      await local(line, place);
      return 0;
    }
    const command = commands.find((candidate) => fits(candidate, words));
    if (!command || help) {
      line.print(usage());
      return help ? 0 : 2;
    }
    checkFlags(command, flags);
    const { fermata, signOut } = await signIn(line);
    try {
      const { print, printError, progress, width } = line;
      const rest = words.slice(wordsOf(command).length);
      return (await command.run({ fermata, json, flags, print, printError, progress, width }, rest))
        ? 0
        : 1;
    } finally {
      line.progress?.("");
      await signOut();
    }
  } catch (error) {
    if (error instanceof UsageError) {
      line.printError(error.message);
      return 2;
    }
    line.progress?.("");
    if (args[0] !== undefined && args[0] in localCommands) {
      line.printError(error instanceof Error ? error.message : String(error));
      return 1;
    }
    const { code, message, details } = toFermataError(error);
    const reason = details?.disabledReason;
    line.printError(`${code}: ${message}${typeof reason === "string" ? ` ${reason}` : ""}`);
    return 1;
  }
}

function readArguments(args: string[]): {
  words: string[];
  json: boolean;
  help: boolean;
  flags: Flags;
} {
  try {
    const { positionals, values } = parseArgs({
      args,
      allowPositionals: true,
      options: {
        ...Object.assign({}, ...commands.map(({ options }) => options)),
        ...placeFlags,
        json: { type: "boolean" },
        help: { type: "boolean", short: "h" },
      },
    });
    const given = Object.entries(values).flatMap(([name, value]) =>
      typeof value === "string" || typeof value === "boolean" ? [[name, value] as const] : [],
    );
    const { json, help, ...flags }: Flags = Object.fromEntries(given);
    return { words: positionals, json: json === true, help: help === true, flags };
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error));
  }
}

function checkFlags({ usage, options = {} }: Command, flags: Flags): void {
  const strange = Object.keys(flags).find((name) => !(name in options));
  if (strange) throw new UsageError(`--${strange} means nothing to \`${usage}\`.`);
}

function wordsOf({ usage }: Command): string[] {
  return usage.split(" ").filter((word) => /^[a-z]/.test(word));
}

function fits(command: Command, words: string[]): boolean {
  return wordsOf(command).every((word, i) => words[i] === word);
}

function usage(): string {
  const rows: [string, string][] = [
    ["token", "Signs in and prints a token for FERMATA_TOKEN."],
    [
      "backup <place>",
      "Writes everything to a folder or to s3://bucket/folder, while the server runs. Run again, it goes on.",
    ],
    [
      "restore <place>",
      "Fills an empty FERMATA_DATA from a backup, each byte compared with its hash.",
    ],
    ["reset-password <email>", "Gives an account a new password, straight in the database."],
    ...commands.map((command): [string, string] => [command.usage, command.summary]),
  ];
  const width = Math.max(...rows.map(([left]) => left.length));
  return [
    "Usage: npm run fermata -- <command> [--json]",
    "",
    ...rows.map(([left, right]) => `  ${left.padEnd(width)}  ${right}`),
    "",
    "FERMATA_URL names the server (http://127.0.0.1:3000 unless it is set), FERMATA_TOKEN who you are.",
  ].join("\n");
}
