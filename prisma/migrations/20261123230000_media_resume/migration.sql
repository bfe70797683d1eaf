-- What a client knows its file by, so that it can continue an upload, and what it said of the parts.
ALTER TABLE "Media" ADD COLUMN     "fingerprint" TEXT;
ALTER TABLE "MediaPart" ADD COLUMN     "md5" TEXT;

CREATE INDEX "Media_userId_fingerprint_idx" ON "Media"("userId", "fingerprint");
