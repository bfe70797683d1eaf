-- What a small installation of the first release held: somebody signed in, a file, media, a room and a job's history.
INSERT INTO "User" ("id", "email", "name", "role", "createdAt")
  VALUES ('maja', 'maja@example.com', 'Maja', 'admin', now() - interval '9 days');
INSERT INTO "Session" ("id", "tokenHash", "userId", "kind", "name", "createdAt", "lastUsedAt", "expiresAt")
  VALUES ('session', sha256('fms_of-the-release-before'), 'maja', 'token', 'phone', now(), now(), now() + interval '20 days');
INSERT INTO "File" ("id", "uploaderId", "status", "filename", "objectKey", "sizeBytes", "contentType", "sha256",
    "createdAt", "readyAt", "grantTokenHash", "grantExpiresAt")
  VALUES ('report', 'maja', 'ready', 'report.pdf', 'report-key', 10, 'application/pdf',
    encode(sha256('ten bytes.'), 'hex'), now(), now(), sha256('grant'), now());
INSERT INTO "Media" ("id", "key", "userId", "filename", "contentType", "status", "visibility", "sizeBytes",
    "reservedBytes", "createdAt", "readyAt", "expiresAt")
  VALUES ('recital', 'recital-key', 'maja', 'recital.bin', 'application/octet-stream', 'ready', 'private', 10, 10, now(), now(), now());
INSERT INTO "Usage" ("userId", "kind", "bytes") VALUES ('maja', 'files', 10), ('maja', 'media', 10)
  ON CONFLICT ("userId", "kind") DO UPDATE SET "bytes" = EXCLUDED."bytes";
INSERT INTO "CronRun" ("id", "job", "slot", "trigger", "status", "startedAt", "finishedAt", "leaseExpiresAt", "result")
  VALUES ('run', 'purge closed rooms', now() - interval '1 day', 'schedule', 'succeeded', now() - interval '1 day',
    now() - interval '1 day', now() - interval '1 day', '{"rooms": 2}');
