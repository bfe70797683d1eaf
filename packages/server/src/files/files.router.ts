import { files } from "@fermata/contract";
import type { TRPCRouterRecord } from "@trpc/server";
import { userProcedure } from "../trpc";
import { createUploadUrl } from "./create-upload-url";
import { deleteFile } from "./delete-file";
import { fileUsage } from "./file-usage";
import { getFileMetadata } from "./get-file-metadata";
import { getFileUrl } from "./get-file-url";
import { listDeletions } from "./list-deletions";
import { listFiles } from "./list-files";

export const filesRouter = {
  generateUploadUrl: userProcedure
    .input(files.generateUploadUrl.input)
    .output(files.generateUploadUrl.output)
    .mutation(({ ctx, input }) => createUploadUrl(ctx, input)),
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
  delete: userProcedure
    .input(files.delete.input)
    .output(files.delete.output)
    .mutation(({ ctx, input }) => deleteFile(ctx, input)),
  deletions: userProcedure
    .input(files.deletions.input)
    .output(files.deletions.output)
    .query(({ ctx, input }) => listDeletions(ctx, input)),
  usage: userProcedure.output(files.usage.output).query(({ ctx }) => fileUsage(ctx)),
} satisfies TRPCRouterRecord;
