import { purgeCronHistory } from "./crons/jobs";
import { type CronJobs, cronJobs } from "./crons/registry";
import { purgeExpiredGrants, purgeUnattachedFiles } from "./files/jobs";
import {
  expireUploads,
  findMissingBytes,
  resumeMediaProcessing,
  stripPublicPlaces,
  sweepOrphans,
} from "./media/jobs";
import { emptyDeletions } from "./outbox/jobs";
import {
  purgeClosedRooms,
  purgeExpiredSignaling,
  purgeTurnGrants,
  recordRoomActivity,
  revokeTurnCredentials,
} from "./rooms/jobs";

/** The jobs of every server. An app adds its own. */
export function libraryCrons(): CronJobs {
  const crons = cronJobs();

  crons.interval("purge expired signaling", { hours: 1 }, purgeExpiredSignaling);
  crons.interval("delete released bytes", { minutes: 1 }, emptyDeletions);
  crons.interval("end expired uploads", { minutes: 10 }, expireUploads);
  crons.interval("record room activity", { minutes: 5 }, recordRoomActivity);
  crons.interval("resume media processing", { minutes: 10 }, resumeMediaProcessing);
  crons.interval("revoke TURN credentials", { minutes: 10 }, revokeTurnCredentials);
  // At minutes of their own, so that the purges do not all begin together.
  crons.hourly("purge expired upload URLs", { minuteUTC: 10 }, purgeExpiredGrants);
  crons.hourly("purge unattached files", { minuteUTC: 20 }, purgeUnattachedFiles);
  crons.hourly("strip public places", { minuteUTC: 50 }, stripPublicPlaces);
  crons.hourly("purge cron history", { minuteUTC: 40 }, purgeCronHistory);
  crons.daily("purge closed rooms", { hourUTC: 3 }, purgeClosedRooms);
  crons.daily("purge TURN grants", { hourUTC: 3, minuteUTC: 15 }, purgeTurnGrants);
  crons.daily("sweep orphaned bytes", { hourUTC: 4 }, sweepOrphans);
  crons.weekly("find missing bytes", { dayOfWeek: "sunday", hourUTC: 5 }, findMissingBytes);
  return crons;
}
