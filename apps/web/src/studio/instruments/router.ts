import { instruments } from "@fermata/contract";
import type { TRPCRouterRecord } from "@trpc/server";
import { publicProcedure, userProcedure } from "../trpc";
import { addMedia } from "./add-media";
import { removeMedia, reorderMedia, updateMedia } from "./change-media";
import { createInstrument } from "./create-instrument";
import { deleteInstrument } from "./delete-instrument";
import { attachFile, detachFile } from "./documents";
import { getPublicInstrument } from "./get-public-instrument";
import { listInstruments } from "./list-instruments";
import { publishInstrument } from "./publish-instrument";
import { readInstrument } from "./read-instrument";
import { updateInstrument } from "./update-instrument";

export const instrumentsRouter = {
  create: userProcedure
    .input(instruments.create.input)
    .output(instruments.create.output)
    .mutation(({ ctx, input }) => createInstrument(ctx, input)),
  update: userProcedure
    .input(instruments.update.input)
    .output(instruments.update.output)
    .mutation(({ ctx, input }) => updateInstrument(ctx, input)),
  list: userProcedure
    .input(instruments.list.input)
    .output(instruments.list.output)
    .query(({ ctx, input }) => listInstruments(ctx, input)),
  get: userProcedure
    .input(instruments.get.input)
    .output(instruments.get.output)
    .query(({ ctx, input }) => readInstrument(ctx, input.instrumentId)),
  delete: userProcedure
    .input(instruments.delete.input)
    .output(instruments.delete.output)
    .mutation(({ ctx, input }) => deleteInstrument(ctx, input)),
  addMedia: userProcedure
    .input(instruments.addMedia.input)
    .output(instruments.addMedia.output)
    .mutation(({ ctx, input }) => addMedia(ctx, input)),
  updateMedia: userProcedure
    .input(instruments.updateMedia.input)
    .output(instruments.updateMedia.output)
    .mutation(({ ctx, input }) => updateMedia(ctx, input)),
  removeMedia: userProcedure
    .input(instruments.removeMedia.input)
    .output(instruments.removeMedia.output)
    .mutation(({ ctx, input }) => removeMedia(ctx, input)),
  reorderMedia: userProcedure
    .input(instruments.reorderMedia.input)
    .output(instruments.reorderMedia.output)
    .mutation(({ ctx, input }) => reorderMedia(ctx, input)),
  attachFile: userProcedure
    .input(instruments.attachFile.input)
    .output(instruments.attachFile.output)
    .mutation(({ ctx, input }) => attachFile(ctx, input)),
  detachFile: userProcedure
    .input(instruments.detachFile.input)
    .output(instruments.detachFile.output)
    .mutation(({ ctx, input }) => detachFile(ctx, input)),
  publish: userProcedure
    .input(instruments.publish.input)
    .output(instruments.publish.output)
    .mutation(({ ctx, input }) => publishInstrument(ctx, input)),
  getPublic: publicProcedure
    .input(instruments.getPublic.input)
    .output(instruments.getPublic.output)
    .query(({ ctx, input }) => getPublicInstrument(ctx, input)),
} satisfies TRPCRouterRecord;
