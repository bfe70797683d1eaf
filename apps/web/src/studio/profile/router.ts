import { profile } from "@fermata/contract";
import type { TRPCRouterRecord } from "@trpc/server";
import { userProcedure } from "../trpc";
import { setAvatar } from "./set-avatar";
import { setName } from "./set-name";

export const profileRouter = {
  setAvatar: userProcedure
    .input(profile.setAvatar.input)
    .output(profile.setAvatar.output)
    .mutation(({ ctx, input }) => setAvatar(ctx, input)),
  setName: userProcedure
    .input(profile.setName.input)
    .output(profile.setName.output)
    .mutation(({ ctx, input }) => setName(ctx, input)),
} satisfies TRPCRouterRecord;
