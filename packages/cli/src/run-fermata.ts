import { version } from "../package.json";
import { appGround, importerGround } from "./app/app-ground";
import { appOption } from "./app/load-app";
import { migrate } from "./app/migrate";
import { addCommonCommands } from "./common-commands";
import { openConsole } from "./console/console";
import { doctor } from "./doctor/doctor";
import { init } from "./init/init";
import { CommandLine } from "./program";
import type { Terminal } from "./terminal";

/** @returns the process's exit code: 0 done, 1 failed, 2 not understood */
export function runFermata(args: string[], terminal: Terminal): Promise<number> {
  const line = new CommandLine(terminal, {
    name: "fermata",
    description: "Takes Fermata into your app, and looks after it.",
    version,
  });
  line.add(
    {
      usage: "init",
      summary:
        "Writes fermata.ts, its route and what Prisma needs. Shows all of it first; overwrites nothing.",
      options: [
        ["-y, --yes", "write without asking"],
        ["--dry-run", "show what would be written, and write nothing"],
      ],
    },
    async (flags) => {
      await init(terminal, flags);
      return true;
    },
  );
  line.add(
    {
      usage: "migrate",
      summary:
        "Makes Fermata's own tables what the installed version needs. Yours are never touched.",
      options: [appOption],
    },
    async (flags) => {
      await migrate(terminal, flags);
      return true;
    },
  );
  line.add(
    {
      usage: "doctor",
      summary:
        "Looks at the database, the migrations, the store, the columns that own files, Inngest and the relay.",
      options: [appOption],
    },
    (flags) => doctor(terminal, flags),
  );
  line.add(
    {
      usage: "console",
      summary: "Shows what the app holds, on this machine alone, to whoever opens its link.",
      options: [
        ["--port <port>", "where it listens; the next free one is taken where it is in use"],
        ["--pages <folder>", "a built checkout of Fermata, in place of @fermata/console"],
        appOption,
      ],
    },
    async (flags) => {
      await openConsole(terminal, flags);
      return true;
    },
  );
  addCommonCommands(line, appGround(terminal), { importer: importerGround(terminal) });
  return line.run(args);
}
