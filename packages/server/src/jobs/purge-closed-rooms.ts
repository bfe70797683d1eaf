import { defineJob } from "../crons/registry";
import { purgeClosedRooms as purge } from "../signaling/purge-closed-rooms";

export const purgeClosedRooms = defineJob({
  description: "Deletes rooms whose time was up a day ago, with their peers.",
  run: (ctx) => purge(ctx),
});
