import { Command, CommanderError } from "commander";
import { version } from "../package.json";
import { doctor } from "./app/doctor";
import { migrate } from "./app/migrate";
import { init } from "./init/init";
import { CommandError, type Terminal } from "./terminal";

/** @returns the process's exit code: 0 done, 1 failed, 2 not understood */
export async function runFermata(args: string[], terminal: Terminal): Promise<number> {
  let exitCode = 0;
  const program = new Command("fermata")
    .description("Takes Fermata into your app, and looks after it.")
    .version(version)
    .exitOverride()
    .configureOutput({
      writeOut: (text) => terminal.print(text.trimEnd()),
      writeErr: (text) => terminal.printError(text.trimEnd()),
    })
    .showHelpAfterError("Run `fermata --help` for all commands.");

  program
    .command("init")
    .description(
      "Writes fermata.ts, its route and what Prisma needs. Shows all of it first; overwrites nothing.",
    )
    .option("-y, --yes", "write without asking")
    .option("--dry-run", "show what would be written, and write nothing")
    .option("--json", "tell it as JSON")
    .action(async (options) => {
      await init(terminal, options);
    });
  program
    .command("migrate")
    .description(
      "Makes Fermata's own tables what the installed version needs. Yours are never touched.",
    )
    .option("--app <file>", "the file that calls createFermataServer")
    .option("--json", "tell it as JSON")
    .action(async (options) => {
      await migrate(terminal, options);
    });
  program
    .command("doctor")
    .description(
      "Looks at the database, the migrations, the store, and the columns that own files.",
    )
    .option("--app <file>", "the file that calls createFermataServer")
    .option("--json", "tell it as JSON")
    .action(async (options) => {
      exitCode = (await doctor(terminal, options)) ? 0 : 1;
    });

  try {
    if (args.length === 0) {
      program.outputHelp();
      return 2;
    }
    await program.parseAsync(args, { from: "user" });
    return exitCode;
  } catch (error) {
    // Help and the version end the same way as a mistake does.
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
    terminal.printError(error instanceof Error ? error.message : String(error));
    return error instanceof CommandError ? error.exitCode : 1;
  }
}
