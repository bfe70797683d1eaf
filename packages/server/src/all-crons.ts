import { libraryCrons } from "./library-crons";
import { dailyStudioDigest, purgeExpiredSessions } from "./studio/jobs";

const crons = libraryCrons();

crons.daily("purge expired sessions", { hourUTC: 3, minuteUTC: 30 }, purgeExpiredSessions);
crons.cron("daily studio digest", "0 16 * * *", dailyStudioDigest);

export default crons;
