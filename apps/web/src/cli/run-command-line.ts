import { addCommonCommands, CommandLine, type Terminal } from "fermata/internal";
import { version } from "../../package.json";
import { resetPassword } from "../self-hosted/reset-password";
import { askForToken } from "./sign-in";
import { studioGround } from "./studio-ground";
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

const ofUsers = [
  usersList,
  usersInvite,
  usersResetLink,
  usersRole,
  usersDisable,
  usersEnable,
  usersResetSecondFactor,
  usersRemove,
];

/**
 * `npm run fermata -- …`: the commands of the package `fermata`, on the studio's server and data, and those of its people.
 * @returns the process's exit code: 0 done, 1 failed, 2 not understood
 */
export function runCommandLine(
  args: string[],
  terminal: Terminal,
  options: { fetch?: typeof globalThis.fetch } = {},
): Promise<number> {
  const line = new CommandLine(terminal, {
    name: "npm run fermata --",
    description: "Works on a running server from the terminal, as a user of it.",
    version,
    after:
      "FERMATA_URL names the server (http://127.0.0.1:3000 unless it is set), FERMATA_TOKEN who you are.",
  });
  line.add(
    { usage: "token", summary: "Signs in and prints a token for FERMATA_TOKEN." },
    async () => {
      terminal.print(await askForToken(terminal, "Command line", options.fetch));
      return true;
    },
  );
  line.add(
    {
      usage: "reset-password <email>",
      summary: "Gives an account a new password, straight in this machine's database.",
      options: [["--without-second-factor", "take the second factor away as well"]],
    },
    ({ withoutSecondFactor }, [email = ""]) =>
      resetPassword(terminal, { email, removeSecondFactor: withoutSecondFactor === true }),
  );
  const ground = studioGround(terminal, options);
  addCommonCommands(line, ground);
  for (const command of ofUsers) line.addCommand(ground, command);
  return line.run(args);
}
