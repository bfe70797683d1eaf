import { auth } from "@fermata/contract";
import type { TRPCRouterRecord } from "@trpc/server";
import { adminProcedure, publicProcedure, userProcedure } from "../../trpc";
import { changePassword } from "./change-password";
import { createToken } from "./create-token";
import { createUser } from "./create-user";
import { getMe } from "./get-me";
import { acceptInvitation, getInvitation } from "./invitations";
import { listSessions } from "./list-sessions";
import { listUsers } from "./list-users";
import { revokeSession } from "./revoke-session";
import { signUp } from "./sign-up";

export const authRouter = {
  createToken: publicProcedure
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
    .input(auth.acceptInvitation.input)
    .output(auth.acceptInvitation.output)
    .mutation(({ ctx, input }) => acceptInvitation(ctx, input)),
  signUp: publicProcedure
    .input(auth.signUp.input)
    .output(auth.signUp.output)
    .mutation(({ ctx, input }) => signUp(ctx, input)),
  changePassword: userProcedure
    .input(auth.changePassword.input)
    .output(auth.changePassword.output)
    .mutation(({ ctx, input }) => changePassword(ctx, input)),
} satisfies TRPCRouterRecord;
