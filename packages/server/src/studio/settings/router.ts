import { settings } from "@fermata/contract";
import type { TRPCRouterRecord } from "@trpc/server";
import { adminProcedure, publicProcedure } from "../../trpc";
import { recordAudit } from "../audit/record-audit";
import { readSignUpPolicy, writeSignUpPolicy } from "./sign-up-policy";

export const settingsRouter = {
  get: adminProcedure.output(settings.get.output).query(async ({ ctx }) => ({
    signUp: await readSignUpPolicy(ctx),
    objectStore: ctx.config.objectStore,
    database: ctx.config.database,
    iceProvider: ctx.ice.name,
    cronEngine: ctx.jobs.engine,
    allowedOrigins: ctx.config.allowedOrigins,
    signInProviders: ctx.config.signInProviders,
  })),
  update: adminProcedure
    .input(settings.update.input)
    .output(settings.update.output)
    .mutation(async ({ ctx, input }) => {
      const written = await writeSignUpPolicy(ctx, input);
      await recordAudit(ctx, { kind: "signUpPolicy.changed", details: { ...written } });
      return written;
    }),
  public: publicProcedure.output(settings.public.output).query(async ({ ctx }) => ({
    signUp: await readSignUpPolicy(ctx),
    signInProviders: ctx.config.signInProviders,
    mirrorUrl: ctx.config.mirrorUrl,
  })),
} satisfies TRPCRouterRecord;
