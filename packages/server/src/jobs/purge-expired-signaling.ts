import { defineJob } from "../crons/registry";
import { purgeExpiredMessages } from "../signaling/purge-expired-messages";

export const purgeExpiredSignaling = defineJob({
  description: "Deletes room messages that are older than an hour.",
  run: (ctx) => purgeExpiredMessages(ctx),
});
