import type { Services } from "../context";
import { cancelJob } from "../crons/queue/cancel-job";
import { enqueueJob } from "../crons/queue/enqueue-job";
import { attachFile, releaseFile } from "../files/verbs/attach-file";
import { getFile } from "../files/verbs/get-file";
import { keepFile, letGoOfFile } from "../files/verbs/keep-file";
import { storeFile } from "../files/verbs/store-file";
import { attachMedia } from "../media/verbs/attach-media";
import { keepMedia, letGoOfMedia } from "../media/verbs/keep-media";
import { readMedia } from "../media/verbs/read-media";
import { storeMedia } from "../media/verbs/store-media";
import { deleteUser } from "../users/delete-user";
import type { FermataServer } from "./fermata-server";
import type { HostDatabase } from "./open-host-database";

/** What an app's own code asks of its Fermata, in transactions of its own where it has one. */
export function serverVerbs(
  services: Services,
  database: Pick<HostDatabase, "ours">,
): Pick<FermataServer, "files" | "media" | "jobs" | "users"> {
  return {
    files: {
      attach: async (tx, file) => {
        const { id, contentType } = await attachFile(services, database.ours(tx), file);
        return { storageId: id, contentType };
      },
      release: (tx, file) => releaseFile(services, database.ours(tx), file),
      keep: (file) => keepFile(services, { ...file, uploaderId: null }),
      letGo: (file) => letGoOfFile(services, { ...file, uploaderId: null }),
      store: (bytes, file) => storeFile(services, bytes, file),
      get: (storageId) => getFile(services, storageId),
    },
    media: {
      attach: (tx, media) => attachMedia(database.ours(tx), media),
      // Nothing counts the time since: media are not purged.
      release: async () => {},
      keep: (media) => keepMedia(services, media),
      letGo: (media) => letGoOfMedia(services, media),
      store: (bytes, media) => storeMedia(services, bytes, media),
      get: (key) => readMedia(services, key),
    },
    jobs: {
      enqueue: (tx, name, input, when) =>
        enqueueJob(services, database.ours(tx), name, input, when),
      cancel: (tx, jobId) => cancelJob(services, database.ours(tx), jobId),
    },
    users: { delete: (userId) => deleteUser(services, userId) },
  };
}
