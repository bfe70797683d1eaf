import { FermataError, toFermataError } from "@fermata/api";
import { CommanderError, Command as Program } from "commander";
import type { Command, DataCommand, Flags, Ground, Option } from "./command";
import { CommandError, type Terminal } from "./terminal";

/** The command line of one ground. Its exit codes are 0 done, 1 failed, 2 not understood. */
export class CommandLine {
  readonly program: Program;
  #exitCode = 0;

  constructor(
    private readonly terminal: Terminal,
    described: { name: string; description: string; version: string; after?: string },
  ) {
    this.program = new Program(described.name)
      .description(described.description)
      .version(described.version)
      .exitOverride()
      .configureOutput({
        writeOut: (text) => terminal.print(text.trimEnd()),
        writeErr: (text) => terminal.printError(text.trimEnd()),
        getOutHelpWidth: () => terminal.width,
        getErrHelpWidth: () => terminal.width,
      })
      .showHelpAfterError(`Run \`${described.name} --help\` for all commands.`);
    if (described.after) this.program.addHelpText("after", `\n${described.after}`);
  }

  /** @param run whether it succeeded */
  add(
    {
      usage,
      summary,
      options = [],
    }: { usage: string; summary: string; options?: readonly Option[] },
    run: (flags: Flags, args: string[]) => Promise<boolean>,
  ): void {
    const [, words = "", takes = ""] = /^([a-z -]+?)(?: ([<[].*))?$/.exec(usage) ?? [];
    const [name = "", below] = words.split(" ");
    const parent = below === undefined ? this.program : this.#group(name);
    const command = parent.command(below ?? name).description(summary);
    if (takes) command.arguments(takes);
    for (const [flags, description] of options) command.option(flags, description);
    command.option("--json", "tell it as JSON").action(async () => {
      if (!(await run(command.opts(), command.args))) this.#exitCode = 1;
    });
  }

  addCommand(ground: Ground, command: Command): void {
    const options = [...(command.options ?? []), ...ground.options];
    this.add({ ...command, options }, async (flags, args) => {
      try {
        return await ground.withClient(flags, (fermata) =>
          command.run({ ...this.#context(ground, flags), fermata }, args),
        );
      } catch (error) {
        throw error instanceof CommandError ? error : toFermataError(error);
      }
    });
  }

  addDataCommand(ground: Ground, command: DataCommand): void {
    const options = [...(command.options ?? []), ...ground.options];
    this.add({ ...command, options }, async (flags, args) => {
      await command.run(
        {
          ...this.#context(ground, flags),
          withInstallation: (...work) => ground.withInstallation(flags, ...work),
        },
        args,
      );
      return true;
    });
  }

  /** @returns the process's exit code */
  async run(args: string[]): Promise<number> {
    try {
      if (args.length === 0) {
        this.program.outputHelp();
        return 2;
      }
      await this.program.parseAsync(args, { from: "user" });
      return this.#exitCode;
    } catch (error) {
      // Help and the version end the same way as a mistake does.
      if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
      this.terminal.progress?.("");
      this.terminal.printError(inWords(error));
      return error instanceof CommandError ? error.exitCode : 1;
    }
  }

  #group(name: string): Program {
    const there = this.program.commands.find((command) => command.name() === name);
    return there ?? this.program.command(name).description(groups[name] ?? "");
  }

  #context({ self }: Ground, { json, ...flags }: Flags) {
    const { print, printError, progress, width, env } = this.terminal;
    return { print, printError, progress, width, env, flags, json: json === true, self };
  }
}

const groups: Record<string, string> = {
  crons: "Jobs: list, run, pause, resume, history, show.",
  media: "Media rows and the store: reindex, export.",
  storage: "The store of bytes: status, adopt, sweep.",
  users: "Accounts: list, invite, reset-link, role, disable, enable, remove.",
};

function inWords(error: unknown): string {
  if (!(error instanceof FermataError))
    return error instanceof Error ? error.message : String(error);
  const reason = error.details?.disabledReason;
  return `${error.code}: ${error.message}${typeof reason === "string" ? ` ${reason}` : ""}`;
}
