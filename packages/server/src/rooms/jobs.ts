import { defineJob } from "../crons/registry";
import { purgeTurnGrants as purgeTurn } from "./turn/purge-turn-grants";
import { nextRevocationAt, revokeEndedGrants } from "./turn/revoke-ended-grants";
import { purgeClosedRooms as purgeRooms } from "./verbs/purge-closed-rooms";
import { purgeExpiredMessages } from "./verbs/purge-expired-messages";
import { nextSampleAt, recordRoomActivity as record } from "./verbs/record-room-activity";

export const purgeExpiredSignaling = defineJob({
  description: "Deletes room messages that are older than an hour.",
  deletesByAge: true,
  run: (ctx) => purgeExpiredMessages(ctx),
});

export const recordRoomActivity = defineJob({
  description: "Counts open rooms, peers, messages and TURN credentials for the charts of a day.",
  onlyWhen: { due: nextSampleAt, inWords: "something goes on in rooms" },
  run: (ctx) => record(ctx),
});

export const purgeClosedRooms = defineJob({
  description: "Deletes rooms whose time was up a day ago, with their peers.",
  deletesByAge: true,
  run: (ctx) => purgeRooms(ctx),
});

export const purgeTurnGrants = defineJob({
  description: "Deletes the records of TURN credentials that expired a week ago.",
  deletesByAge: true,
  run: (ctx) => purgeTurn(ctx),
});

export const revokeTurnCredentials = defineJob({
  description: "Revokes the TURN credentials of those who went while the provider did not answer.",
  disabledReason: ({ ice }) =>
    ice.name === "cloudflare" ? null : "The TURN provider has no way to revoke credentials.",
  onlyWhen: { due: nextRevocationAt, inWords: "credentials wait to be revoked" },
  run: (ctx) => revokeEndedGrants(ctx),
});
