import { settings } from "@fermata/contract";
import type { TRPCRouterRecord } from "@trpc/server";
import { recordAudit } from "../audit/record-audit";
import { adminProcedure, publicProcedure } from "../trpc";
import { readSignUpPolicy, writeSignUpPolicy } from "./sign-up-policy";

export const settingsRouter = {
  get: adminProcedure.output(settings.get.output).query(async ({ ctx }) => ({
    signUp: await readSignUpPolicy(ctx),
    objectStore: ctx.config.objectStore,
    database: ctx.app.database,
    iceProvider: ctx.ice.name,
    cronEngine: ctx.jobs.engine,
    allowedOrigins: ctx.config.allowedOrigins,
    signInProviders: ctx.app.signInProviders,
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
    signInProviders: ctx.app.signInProviders,
    mirrorUrl: ctx.config.mirrorUrl,
  })),
} satisfies TRPCRouterRecord;
