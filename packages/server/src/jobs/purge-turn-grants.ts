import { defineJob } from "../crons/registry";
import { purgeTurnGrants as purge } from "../turn/purge-turn-grants";

export const purgeTurnGrants = defineJob({
  description: "Deletes the records of TURN credentials that expired a week ago.",
  run: (ctx) => purge(ctx),
});
