import { auth } from "@fermata/contract";
import type { TRPCRouterRecord } from "@trpc/server";
import { adminProcedure, publicProcedure, userProcedure } from "../trpc";
import { getBelongings } from "./belongings";
import { changePassword } from "./change-password";
import { createToken } from "./create-token";
import { createUser } from "./create-user";
import { getMe } from "./get-me";
import { acceptInvitation, getInvitation } from "./invitations";
import { listSessions } from "./list-sessions";
import { listUsers } from "./list-users";
import {
  createResetLink,
  inviteAgain,
  resetSecondFactor,
  setDisabled,
  setRole,
} from "./manage-account";
import { oncePerRequest } from "./once-per-request";
import { removeUser } from "./remove-user";
import { revokeSession } from "./revoke-session";
import {
  confirmSecondFactor,
  getSecondFactor,
  renewRecoveryCodes,
  startSecondFactor,
  turnOffSecondFactor,
} from "./second-factor";
import { signUp } from "./sign-up";

export const authRouter = {
  createToken: publicProcedure
    .use(oncePerRequest)
    .input(auth.createToken.input)
    .output(auth.createToken.output)
    .mutation(({ ctx, input }) => createToken(ctx, input)),
  me: publicProcedure.output(auth.me.output).query(({ ctx }) => getMe(ctx)),
  sessions: userProcedure
    .input(auth.sessions.input)
    .output(auth.sessions.output)
    .query(({ ctx, input }) => listSessions(ctx, input)),
  revokeSession: userProcedure
    .input(auth.revokeSession.input)
    .output(auth.revokeSession.output)
    .mutation(({ ctx, input }) => revokeSession(ctx, input)),
  createUser: adminProcedure
    .input(auth.createUser.input)
    .output(auth.createUser.output)
    .mutation(({ ctx, input }) => createUser(ctx, input)),
  users: adminProcedure
    .input(auth.users.input)
    .output(auth.users.output)
    .query(({ ctx, input }) => listUsers(ctx, input)),
  invitation: publicProcedure
    .input(auth.invitation.input)
    .output(auth.invitation.output)
    .query(({ ctx, input }) => getInvitation(ctx, input)),
  acceptInvitation: publicProcedure
    .use(oncePerRequest)
    .input(auth.acceptInvitation.input)
    .output(auth.acceptInvitation.output)
    .mutation(({ ctx, input }) => acceptInvitation(ctx, input)),
  signUp: publicProcedure
    .use(oncePerRequest)
    .input(auth.signUp.input)
    .output(auth.signUp.output)
    .mutation(({ ctx, input }) => signUp(ctx, input)),
  changePassword: userProcedure
    .use(oncePerRequest)
    .input(auth.changePassword.input)
    .output(auth.changePassword.output)
    .mutation(({ ctx, input }) => changePassword(ctx, input)),

  inviteAgain: adminProcedure
    .input(auth.inviteAgain.input)
    .output(auth.inviteAgain.output)
    .mutation(({ ctx, input }) => inviteAgain(ctx, input)),
  createResetLink: adminProcedure
    .input(auth.createResetLink.input)
    .output(auth.createResetLink.output)
    .mutation(({ ctx, input }) => createResetLink(ctx, input)),
  setRole: adminProcedure
    .input(auth.setRole.input)
    .output(auth.setRole.output)
    .mutation(({ ctx, input }) => setRole(ctx, input)),
  setDisabled: adminProcedure
    .input(auth.setDisabled.input)
    .output(auth.setDisabled.output)
    .mutation(({ ctx, input }) => setDisabled(ctx, input)),
  resetSecondFactor: adminProcedure
    .input(auth.resetSecondFactor.input)
    .output(auth.resetSecondFactor.output)
    .mutation(({ ctx, input }) => resetSecondFactor(ctx, input)),
  belongings: adminProcedure
    .input(auth.belongings.input)
    .output(auth.belongings.output)
    .query(({ ctx, input }) => getBelongings(ctx, input)),
  removeUser: adminProcedure
    .input(auth.removeUser.input)
    .output(auth.removeUser.output)
    .mutation(({ ctx, input }) => removeUser(ctx, input)),

  secondFactor: userProcedure
    .output(auth.secondFactor.output)
    .query(({ ctx }) => getSecondFactor(ctx)),
  startSecondFactor: userProcedure
    .use(oncePerRequest)
    .input(auth.startSecondFactor.input)
    .output(auth.startSecondFactor.output)
    .mutation(({ ctx, input }) => startSecondFactor(ctx, input)),
  confirmSecondFactor: userProcedure
    .input(auth.confirmSecondFactor.input)
    .output(auth.confirmSecondFactor.output)
    .mutation(({ ctx, input }) => confirmSecondFactor(ctx, input)),
  renewRecoveryCodes: userProcedure
    .input(auth.renewRecoveryCodes.input)
    .output(auth.renewRecoveryCodes.output)
    .mutation(({ ctx, input }) => renewRecoveryCodes(ctx, input)),
  turnOffSecondFactor: userProcedure
    .input(auth.turnOffSecondFactor.input)
    .output(auth.turnOffSecondFactor.output)
    .mutation(({ ctx, input }) => turnOffSecondFactor(ctx, input)),
} satisfies TRPCRouterRecord;
