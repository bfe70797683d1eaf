import { type Command, formatTable, UsageError } from "fermata/internal";
import { allUsers, findUser } from "./find-user";

export const usersList: Command = {
  usage: "users list",
  summary: "Lists the accounts: role, state, when they were used.",
  async run({ fermata, json, print, width }) {
    const users = [];
    for await (const user of allUsers(fermata)) users.push(user);
    if (json) {
      print(JSON.stringify(users));
      return true;
    }
    const rows = users.map((user) => [
      user.email,
      user.role,
      user.disabledAt ? "disabled" : user.invited ? "invited" : "active",
      user.hasSecondFactor ? "2 factors" : "",
      user.lastUsedAt ?? "not signed in",
    ]);
    for (const line of formatTable([["EMAIL", "ROLE", "STATE", "", "LAST USED"], ...rows], width)) {
      print(line);
    }
    return true;
  },
};

export const usersInvite: Command = {
  usage: "users invite <email>",
  summary: "Makes a link by which somebody joins; again, where they did not yet.",
  options: [["--admin", "as an admin"]],
  async run({ fermata, json, flags, print }, [email]) {
    if (!email) throw new UsageError("Name the address of whom to invite.");
    for await (const user of allUsers(fermata)) {
      if (user.email !== email.toLowerCase()) continue;
      const again = await fermata.trpc.auth.inviteAgain.mutate({ userId: user.id });
      print(json ? JSON.stringify(again) : again.inviteUrl);
      return true;
    }
    const role = flags.admin ? "admin" : "member";
    const made = await fermata.trpc.auth.createUser.mutate({ email, role });
    print(json ? JSON.stringify(made) : (made.inviteUrl ?? ""));
    return true;
  },
};

export const usersResetLink: Command = {
  usage: "users reset-link <email>",
  summary: "Makes a link by which somebody sets a new password, within the hour.",
  async run({ fermata, json, print }, [email]) {
    const { id: userId } = await findUser(fermata, email);
    const link = await fermata.trpc.auth.createResetLink.mutate({ userId });
    print(json ? JSON.stringify(link) : link.resetUrl);
    return true;
  },
};

export const usersRole: Command = {
  usage: "users role <email> <role>",
  summary: "Makes somebody an admin, or a member.",
  async run({ fermata, json, print }, [email, role]) {
    if (role !== "admin" && role !== "member") throw new UsageError("A role is admin or member.");
    const user = await findUser(fermata, email);
    const answer = await fermata.trpc.auth.setRole.mutate({ userId: user.id, role });
    print(json ? JSON.stringify(answer) : `${user.email} is ${role} now.`);
    return true;
  },
};

const switchCommand = (verb: "disable" | "enable", summary: string): Command => ({
  usage: `users ${verb} <email>`,
  summary,
  async run({ fermata, json, print }, [email]) {
    const user = await findUser(fermata, email);
    const disabled = verb === "disable";
    const answer = await fermata.trpc.auth.setDisabled.mutate({ userId: user.id, disabled });
    print(json ? JSON.stringify(answer) : `${user.email} is ${verb}d.`);
    return true;
  },
});

export const usersDisable = switchCommand("disable", "Ends somebody's sessions and room seats.");
export const usersEnable = switchCommand("enable", "Lets somebody sign in again.");

export const usersResetSecondFactor: Command = {
  usage: "users reset-second-factor <email>",
  summary: "Takes away the second factor of somebody who lost it.",
  async run({ fermata, json, print }, [email]) {
    const user = await findUser(fermata, email);
    const answer = await fermata.trpc.auth.resetSecondFactor.mutate({ userId: user.id });
    print(json ? JSON.stringify(answer) : `${user.email} signs in with the password alone.`);
    return true;
  },
};
