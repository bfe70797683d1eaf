import { storage } from "@fermata/contract";
import type { TRPCRouterRecord } from "@trpc/server";
import { adminProcedure, userProcedure } from "../trpc";
import { recoverMedia } from "./sweeps/recover-media";
import { reindexMedia } from "./sweeps/reindex-media";
import { abortUpload } from "./verbs/abort-upload";
import { adoptStore } from "./verbs/adopt-store";
import { completeMultipartUpload } from "./verbs/complete-multipart-upload";
import { completeUpload } from "./verbs/complete-upload";
import { createMultipartUpload } from "./verbs/create-multipart-upload";
import { createUpload } from "./verbs/create-upload";
import { decideStrays } from "./verbs/decide-strays";
import { deleteMedia } from "./verbs/delete-media";
import { exportMedia } from "./verbs/export-media";
import { getMedia } from "./verbs/get-media";
import { getMediaUrl } from "./verbs/get-media-url";
import { listMedia } from "./verbs/list-media";
import { listParts } from "./verbs/list-parts";
import { listStrays } from "./verbs/list-strays";
import { listUnfinished } from "./verbs/list-unfinished";
import { mediaBreakdown } from "./verbs/media-breakdown";
import { mediaUsage } from "./verbs/media-usage";
import { reprocessMedia } from "./verbs/reprocess-media";
import { setPoster } from "./verbs/set-poster";
import { signParts } from "./verbs/sign-parts";
import { storageFindings } from "./verbs/storage-findings";

export const storageRouter = {
  getUploadUrl: userProcedure
    .input(storage.getUploadUrl.input)
    .output(storage.getUploadUrl.output)
    .mutation(({ ctx, input }) => createUpload(ctx, input)),
  completeUpload: userProcedure
    .input(storage.completeUpload.input)
    .output(storage.completeUpload.output)
    .mutation(({ ctx, input }) => completeUpload(ctx, input)),
  createMultipartUpload: userProcedure
    .input(storage.createMultipartUpload.input)
    .output(storage.createMultipartUpload.output)
    .mutation(({ ctx, input }) => createMultipartUpload(ctx, input)),
  signParts: userProcedure
    .input(storage.signParts.input)
    .output(storage.signParts.output)
    .mutation(({ ctx, input }) => signParts(ctx, input)),
  listParts: userProcedure
    .input(storage.listParts.input)
    .output(storage.listParts.output)
    .query(({ ctx, input }) => listParts(ctx, input)),
  listUnfinished: userProcedure
    .output(storage.listUnfinished.output)
    .query(({ ctx }) => listUnfinished(ctx)),
  completeMultipartUpload: userProcedure
    .input(storage.completeMultipartUpload.input)
    .output(storage.completeMultipartUpload.output)
    .mutation(({ ctx, input }) => completeMultipartUpload(ctx, input)),
  abortUpload: userProcedure
    .input(storage.abortUpload.input)
    .output(storage.abortUpload.output)
    .mutation(({ ctx, input }) => abortUpload(ctx, input)),
  getUrl: userProcedure
    .input(storage.getUrl.input)
    .output(storage.getUrl.output)
    .query(({ ctx, input }) => getMediaUrl(ctx, input)),
  getMetadata: userProcedure
    .input(storage.getMetadata.input)
    .output(storage.getMetadata.output)
    .query(({ ctx, input }) => getMedia(ctx, input)),
  list: userProcedure
    .input(storage.list.input)
    .output(storage.list.output)
    .query(({ ctx, input }) => listMedia(ctx, input)),
  usage: userProcedure.output(storage.usage.output).query(({ ctx }) => mediaUsage(ctx)),
  reprocess: userProcedure
    .input(storage.reprocess.input)
    .output(storage.reprocess.output)
    .mutation(({ ctx, input }) => reprocessMedia(ctx, input)),
  setPoster: userProcedure
    .input(storage.setPoster.input)
    .output(storage.setPoster.output)
    .mutation(({ ctx, input }) => setPoster(ctx, input)),
  breakdown: userProcedure.output(storage.breakdown.output).query(({ ctx }) => mediaBreakdown(ctx)),
  findings: adminProcedure.output(storage.findings.output).query(({ ctx }) => storageFindings(ctx)),
  recover: adminProcedure
    .input(storage.recover.input)
    .output(storage.recover.output)
    .mutation(({ ctx, input }) => recoverMedia(ctx, input)),
  strays: adminProcedure
    .input(storage.strays.input)
    .output(storage.strays.output)
    .query(({ ctx, input }) => listStrays(ctx, input)),
  decideStrays: adminProcedure
    .input(storage.decideStrays.input)
    .output(storage.decideStrays.output)
    .mutation(({ ctx, input }) => decideStrays(ctx, input)),
  adopt: adminProcedure.output(storage.adopt.output).mutation(async ({ ctx }) => {
    const adopted = await adoptStore(ctx);
    await ctx.audit?.(ctx, "store.adopted");
    return adopted;
  }),
  delete: userProcedure
    .input(storage.delete.input)
    .output(storage.delete.output)
    .mutation(({ ctx, input }) => deleteMedia(ctx, input)),
  export: adminProcedure
    .input(storage.export.input)
    .output(storage.export.output)
    .query(({ ctx, input }) => exportMedia(ctx, input)),
  reindex: adminProcedure
    .input(storage.reindex.input)
    .output(storage.reindex.output)
    .mutation(({ ctx, input }) => reindexMedia(ctx, input)),
} satisfies TRPCRouterRecord;
