import { type Command, UsageError } from "fermata/internal";
import { formatBytes, plural } from "../../lib/format";
import { findUser } from "./find-user";

export const usersRemove: Command = {
  usage: "users remove <email>",
  summary: "Removes an account, once you say what becomes of what it has.",
  options: [
    ["--delete", "all of it goes"],
    ["--hand-over-to <email>", "it becomes somebody else's"],
  ],
  async run({ fermata, json, flags, print }, [email]) {
    const user = await findUser(fermata, email);
    const { trpc } = fermata;
    const has = await trpc.auth.belongings.query({ userId: user.id });
    const heirEmail = flags.handOverTo;
    if (flags.delete && heirEmail) throw new UsageError("Either --delete or --hand-over-to.");
    if (!flags.delete && typeof heirEmail !== "string") {
      print(
        json
          ? JSON.stringify(has)
          : [
              `${user.email} has:`,
              `  ${plural(has.files.count, "file")}, ${formatBytes(has.files.bytes)}`,
              `  ${has.media.count} media, ${formatBytes(has.media.bytes)}`,
              `  ${plural(has.instruments.count, "instrument")}, ${has.instruments.published} published`,
              `  ${plural(has.openRooms, "open room")}, ${plural(has.sessions, "session")}`,
              "Nothing was removed. Add --delete to delete all of it, or --hand-over-to <email>.",
            ].join("\n"),
      );
      return true;
    }
    const belongings =
      typeof heirEmail === "string"
        ? { handOverTo: (await findUser(fermata, heirEmail)).id }
        : ("delete" as const);
    const answer = await trpc.auth.removeUser.mutate({ userId: user.id, belongings });
    print(json ? JSON.stringify(answer) : `${user.email} is removed.`);
    return true;
  },
};
