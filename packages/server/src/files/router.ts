import { files } from "@fermata/contract";
import type { TRPCRouterRecord } from "@trpc/server";
import { listDeletions } from "../outbox/list-deletions";
import { userProcedure } from "../trpc";
import { listUploadRules } from "../uploads/list-rules";
import { abortFileUpload } from "./verbs/abort-file-upload";
import { createUploadUrl } from "./verbs/create-upload-url";
import { deleteFile } from "./verbs/delete-file";
import { fileUsage } from "./verbs/file-usage";
import { getFileMetadata } from "./verbs/get-file-metadata";
import { getFileUrl } from "./verbs/get-file-url";
import { keepOwnFile, letGoOfOwnFile } from "./verbs/keep-file";
import { listFiles } from "./verbs/list-files";

export const filesRouter = {
  generateUploadUrl: userProcedure
    .input(files.generateUploadUrl.input)
    .output(files.generateUploadUrl.output)
    .mutation(({ ctx, input }) => createUploadUrl(ctx, input)),
  abortUpload: userProcedure
    .input(files.abortUpload.input)
    .output(files.abortUpload.output)
    .mutation(({ ctx, input }) => abortFileUpload(ctx, input)),
  getUrl: userProcedure
    .input(files.getUrl.input)
    .output(files.getUrl.output)
    .query(({ ctx, input }) => getFileUrl(ctx, input)),
  getMetadata: userProcedure
    .input(files.getMetadata.input)
    .output(files.getMetadata.output)
    .query(({ ctx, input }) => getFileMetadata(ctx, input)),
  list: userProcedure
    .input(files.list.input)
    .output(files.list.output)
    .query(({ ctx, input }) => listFiles(ctx, input)),
  keep: userProcedure
    .input(files.keep.input)
    .output(files.keep.output)
    .mutation(({ ctx, input }) => keepOwnFile(ctx, input)),
  letGo: userProcedure
    .input(files.letGo.input)
    .output(files.letGo.output)
    .mutation(({ ctx, input }) => letGoOfOwnFile(ctx, input)),
  delete: userProcedure
    .input(files.delete.input)
    .output(files.delete.output)
    .mutation(({ ctx, input }) => deleteFile(ctx, input)),
  deletions: userProcedure
    .input(files.deletions.input)
    .output(files.deletions.output)
    .query(({ ctx, input }) => listDeletions(ctx, input)),
  usage: userProcedure.output(files.usage.output).query(({ ctx }) => fileUsage(ctx)),
  uploadRules: userProcedure
    .output(files.uploadRules.output)
    .query(({ ctx }) => listUploadRules(ctx)),
} satisfies TRPCRouterRecord;
