import { defineJob } from "../crons/registry";
import { recordRoomActivity as record } from "../signaling/record-room-activity";

export const recordRoomActivity = defineJob({
  description: "Counts open rooms, peers, messages and TURN credentials for the charts of a day.",
  run: (ctx) => record(ctx),
});
