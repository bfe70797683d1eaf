import { cronJobs } from "../crons/registry";
import { dailyStudioDigest } from "./daily-studio-digest";
import { emptyDeletions } from "./empty-deletions";
import { expireUploads } from "./expire-uploads";
import { findMissingBytes } from "./find-missing-bytes";
import { purgeClosedRooms } from "./purge-closed-rooms";
import { purgeCronHistory } from "./purge-cron-history";
import { purgeExpiredGrants } from "./purge-expired-grants";
import { purgeExpiredSessions } from "./purge-expired-sessions";
import { purgeExpiredSignaling } from "./purge-expired-signaling";
import { purgeTurnGrants } from "./purge-turn-grants";
import { purgeUnattachedFiles } from "./purge-unattached-files";
import { recordRoomActivity } from "./record-room-activity";
import { resumeMediaProcessing } from "./resume-media-processing";
import { revokeTurnCredentials } from "./revoke-turn-credentials";
import { sweepOrphans } from "./sweep-orphans";

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
crons.hourly("purge cron history", { minuteUTC: 40 }, purgeCronHistory);
crons.daily("purge closed rooms", { hourUTC: 3 }, purgeClosedRooms);
crons.daily("purge TURN grants", { hourUTC: 3, minuteUTC: 15 }, purgeTurnGrants);
crons.daily("purge expired sessions", { hourUTC: 3, minuteUTC: 30 }, purgeExpiredSessions);
crons.daily("sweep orphaned bytes", { hourUTC: 4 }, sweepOrphans);
crons.weekly("find missing bytes", { dayOfWeek: "sunday", hourUTC: 5 }, findMissingBytes);
crons.cron("daily studio digest", "0 16 * * *", dailyStudioDigest);

export default crons;
