// Which folder a table belongs to: it alone writes its rows. Who else reads them stands here, so that it is a decision.
// Folders of the library by name, those of the app below web/.

const studio = {
  users: "web/studio/auth",
  instruments: "web/studio/instruments",
  overview: "web/studio/overview",
  digest: "web/studio/digest",
  demo: "web/studio/demo",
};

/** Pages and messages that tell of everything. */
const tellers = [studio.overview, studio.digest];

export const tableOwners = {
  User: {
    owner: studio.users,
    readBy: ["web/cli", "web/self-hosted"],
    writtenBy: ["web/studio/profile/set-avatar.ts", "web/studio/profile/set-name.ts"],
  },
  Session: { owner: studio.users },
  Account: { owner: studio.users, readBy: ["web/auth"] },
  Invitation: { owner: studio.users },
  KnownNetwork: { owner: studio.users },
  SecondFactor: { owner: studio.users },
  RecoveryCode: { owner: studio.users },
  AuditEvent: {
    owner: "web/studio/audit",
    writtenBy: ["web/studio/auth/purge-expired-sessions.ts"],
  },
  Setting: {
    owner: "web/studio/settings",
    readBy: ["web/self-hosted"],
    writtenBy: ["web/studio/demo/demo-things.ts"],
  },

  Instrument: { owner: studio.instruments, readBy: [studio.users, studio.demo, "files"] },
  // Until the library tells its apps when a picture comes to stand for a clip.
  InstrumentMedia: {
    owner: studio.instruments,
    readBy: ["media"],
    writtenBy: ["media/set-poster.ts"],
  },
  InstrumentAttachment: { owner: studio.instruments, readBy: ["files"] },

  Installation: { owner: "media", readBy: ["outbox"] },
  Stray: { owner: "media", readBy: ["operations"] },
  Media: {
    owner: "media",
    readBy: ["imports", "cli/app", studio.users, studio.instruments, studio.demo, ...tellers],
  },
  MediaKeep: { owner: "media" },
  MediaPart: { owner: "media" },
  MediaVariant: { owner: "media" },

  File: {
    owner: "files",
    readBy: ["media", "outbox", "cli/app", studio.users, studio.demo, ...tellers],
  },
  FileVariant: { owner: "files", readBy: ["media"] },
  FileKeep: { owner: "files" },
  ImportedFile: { owner: "imports" },
  Usage: { owner: "bytes", readBy: ["files", ...tellers] },
  Deletion: { owner: "outbox", readBy: ["media", "operations"] },

  Room: { owner: "rooms", readBy: [studio.users, studio.demo, ...tellers] },
  Peer: { owner: "rooms" },
  Message: { owner: "rooms" },
  TurnGrant: { owner: "rooms" },
  RoomSample: { owner: "rooms" },

  CronJob: { owner: "crons" },
  CronRun: { owner: "crons", readBy: ["media", "operations", ...tellers] },
  CronEngine: { owner: "crons" },
  CronUsage: { owner: "crons" },
  CronStep: { owner: "crons" },
  QueuedJob: { owner: "crons", readBy: ["operations", "testing.ts"] },

  RateLimit: { owner: "limits" },
  Alert: { owner: "operations" },
  Backup: { owner: "cli/backup", readBy: ["operations"] },
};
