/** Bounds that clients may rely on. Sizes are bytes, durations are seconds. */
const KIB = 1024;
const MIB = 1024 * KIB;
const GIB = 1024 * MIB;
const TIB = 1024 * GIB;

export const limits = {
  /** Rows a page of a list holds at most. */
  pageItems: 100,
  /** Procedures in one tRPC batch. More are refused before any of them runs. */
  batchCalls: 20,
  /** A JSON request body outside the upload endpoints. */
  jsonBodyBytes: 1 * MIB,
  /** Characters in a file name that a user gives. */
  filenameChars: 255,
  files: {
    maxBytes: 5 * MIB,
    /** What a rule of the app's own may raise that to. */
    ruleMaxBytes: 100 * MIB,
    /** How long an upload URL can be used. */
    grantSeconds: 3600,
    /** Of the name of an owner that keeps a file. */
    ownerChars: 200,
    /** A file that no row refers to is purged this long after its upload. */
    unattachedSeconds: 24 * 3600,
    /** An image that declares more is refused: its bytes may be few, its pixels are not. */
    maxImagePixels: 50_000_000,
    /** The widths, in pixels, that an image can be had in: `?w=`. */
    imageWidths: [64, 128, 256, 512, 1024],
  },
  storage: {
    /** R2: 5 TiB less 5 GiB for one object. */
    maxBytes: 5 * TIB - 5 * GIB,
    /** R2: 5 GiB less 5 MiB in one PUT. */
    maxSinglePutBytes: 5 * GIB - 5 * MIB,
    /** What this server takes in one request, bytes and bearer together, where it serves its own store. */
    directBytes: 32 * MIB,
    /** And where it passes them on to a store elsewhere: below what hosts of functions let through. */
    passOnBytes: 4 * MIB,
    /** The first part of an upload, where this server takes it while the upload is opened. */
    firstPartBytes: 4 * MIB,
    /** What a single PUT may hold when its size was not said beforehand. */
    undeclaredPutBytes: 512 * MIB,
    minPartBytes: 5 * MIB,
    maxParts: 10_000,
    /** Parts that are signed when an upload is opened, before anybody has read them. */
    maxSignedFirst: 16,
    /** Parts that one call of `signParts` signs. */
    partsPerCall: 1000,
    /** How long a signed PUT can be used. */
    grantSeconds: 3600,
    /** How long a multipart upload may take from its creation: stores abort it after seven days. */
    multipartSeconds: 6 * 24 * 3600,
  },
  instruments: {
    slugChars: 80,
    /** One line of text, such as a maker or a caption. */
    lineChars: 300,
    textChars: 5000,
    workshopNotes: 100,
    /** Photos and clips of one instrument. */
    media: 200,
    /** Documents of one instrument. */
    attachments: 20,
  },
  signaling: {
    maxCapacity: 16,
    /** Rooms that one user may have open at the same time. */
    openRooms: 250,
    displayNameChars: 80,
    /** One message's payload as JSON. */
    payloadBytes: 32 * KIB,
    messagesPerSend: 50,
    /** Rooms that one stream of `messagesOfMany` follows. */
    roomsPerStream: 32,
    /** Messages that one `pull` returns. */
    messagesPerPull: 500,
    /** A message is kept this long. */
    messageSeconds: 3600,
    /** A room that nobody closes lives this long. */
    roomSeconds: 24 * 3600,
  },
  crons: {
    /** What is kept of a run's log: the newest lines. */
    logLines: 200,
    logBytes: 64 * KIB,
    logLineChars: 2000,
  },
  /** Of one user at a time. With one more, the one that was not used for the longest ends. */
  sessionsPerUser: 100,
  /** How long what concerns security stays written down. */
  auditDays: 400,
  passwordChars: { min: 8, max: 1024 },
} as const;
