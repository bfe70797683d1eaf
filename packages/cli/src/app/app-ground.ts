import { createFermata } from "@fermata/api";
import type { Operator } from "@fermata/server";
import type { Ground, Installation, Option } from "../command";
import { type Terminal, UsageError } from "../terminal";
import { type App, appOption, operatorOf, withApp } from "./load-app";

/** Nothing listens there: requests to it are answered in this process. */
const origin = "http://fermata.localhost";

/** The app whose `fermata.ts` lies here: its own server, in this process. */
export function appGround(terminal: Terminal): Ground {
  return {
    self: "npx fermata",
    options: [appOption],
    withClient: ({ app }, work) =>
      withOperator(terminal, app, (operator) => work(clientOf(operator, { userId: "operator" }))),
    withInstallation: ({ app }, work) =>
      withOperator(terminal, app, async (operator, { migrate }) => {
        await migrate();
        await work(installationOf(operator));
      }),
  };
}

const userOption: Option = ["--user <userId>", "whose the files will be, by the app's own id"];

/** The same, for what brings files in. */
export function importerGround(terminal: Terminal): Ground {
  return {
    ...appGround(terminal),
    options: [userOption, appOption],
    withClient: async ({ app, user: userId }, work) => {
      if (typeof userId !== "string" || !userId)
        throw new UsageError("Whose will the files be? Say --user <userId>.");
      return withOperator(terminal, app, (operator) => work(clientOf(operator, { userId })));
    },
  };
}

function withOperator<T>(
  terminal: Terminal,
  given: unknown,
  work: (operator: Operator, app: App) => Promise<T>,
): Promise<T> {
  return withApp(terminal.cwd, given, (app) => work(operatorOf(app), app));
}

function clientOf(operator: Operator, user: { userId: string }) {
  const handle = operator.handlerFor(user);
  return createFermata({
    url: origin + operator.basePath,
    fetch: (input, init) => {
      const request = new Request(input, init);
      // A bucket is where it is.
      return new URL(request.url).origin === origin ? handle(request) : fetch(request);
    },
  });
}

function installationOf(operator: Operator): Installation {
  const { pool, schema } = operator;
  return {
    ...operator,
    secretsFile: null,
    async whatLives() {
      const { rows } = await pool.query(
        `SELECT EXISTS (SELECT FROM "File") OR EXISTS (SELECT FROM "Media") AS lives`,
      );
      return rows[0]?.lives
        ? `The schema "${schema}" already holds files: a backup is not restored over something that lives. Nothing was changed.`
        : null;
    },
  };
}
