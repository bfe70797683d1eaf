-- CreateEnum
CREATE TYPE "MediaProcessing" AS ENUM ('processing', 'ready', 'failed');

-- AlterTable
ALTER TABLE "Media" ADD COLUMN     "codec" TEXT,
ADD COLUMN     "posterOfId" TEXT,
ADD COLUMN     "processing" "MediaProcessing",
ADD COLUMN     "processingChangedAt" TIMESTAMPTZ(3),
ADD COLUMN     "processingError" TEXT,
ADD COLUMN     "processingRound" INTEGER NOT NULL DEFAULT 0,
ADD COLUMN     "thumbHash" TEXT;

-- CreateTable
CREATE TABLE "MediaVariant" (
    "id" TEXT NOT NULL,
    "mediaId" TEXT NOT NULL,
    "key" TEXT NOT NULL,
    "visibility" "Visibility" NOT NULL,
    "width" INTEGER NOT NULL,
    "height" INTEGER NOT NULL,
    "contentType" TEXT NOT NULL,
    "sizeBytes" INTEGER NOT NULL DEFAULT 0,
    "createdAt" TIMESTAMPTZ(3) NOT NULL,
    "readyAt" TIMESTAMPTZ(3),

    CONSTRAINT "MediaVariant_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "Instrument" (
    "id" TEXT NOT NULL,
    "ownerId" TEXT NOT NULL,
    "slug" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "description" TEXT,
    "maker" TEXT,
    "year" TEXT,
    "serial" TEXT,
    "size" TEXT,
    "case" TEXT,
    "condition" TEXT,
    "price" TEXT,
    "seller" TEXT,
    "contact" TEXT,
    "viewingUrl" TEXT,
    "footnote" TEXT,
    "workshopNotes" JSONB NOT NULL DEFAULT '[]',
    "coverId" TEXT,
    "publishedAt" TIMESTAMPTZ(3),
    "createdAt" TIMESTAMPTZ(3) NOT NULL,
    "updatedAt" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "Instrument_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "InstrumentMedia" (
    "id" TEXT NOT NULL,
    "instrumentId" TEXT NOT NULL,
    "mediaId" TEXT NOT NULL,
    "position" INTEGER NOT NULL,
    "alt" TEXT NOT NULL DEFAULT '',
    "caption" TEXT NOT NULL DEFAULT '',
    "createdAt" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "InstrumentMedia_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "InstrumentAttachment" (
    "id" TEXT NOT NULL,
    "instrumentId" TEXT NOT NULL,
    "ownerId" TEXT NOT NULL,
    "fileId" TEXT NOT NULL,
    "title" TEXT NOT NULL,
    "position" INTEGER NOT NULL,
    "createdAt" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "InstrumentAttachment_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE UNIQUE INDEX "MediaVariant_key_key" ON "MediaVariant"("key");

-- CreateIndex
CREATE UNIQUE INDEX "MediaVariant_mediaId_contentType_width_key" ON "MediaVariant"("mediaId", "contentType", "width");

-- CreateIndex
CREATE UNIQUE INDEX "Instrument_slug_key" ON "Instrument"("slug");

-- CreateIndex
CREATE UNIQUE INDEX "Instrument_coverId_key" ON "Instrument"("coverId");

-- CreateIndex
CREATE INDEX "Instrument_ownerId_createdAt_id_idx" ON "Instrument"("ownerId", "createdAt", "id");

-- CreateIndex
CREATE INDEX "InstrumentMedia_instrumentId_position_idx" ON "InstrumentMedia"("instrumentId", "position");

-- CreateIndex
CREATE INDEX "InstrumentMedia_mediaId_idx" ON "InstrumentMedia"("mediaId");

-- CreateIndex
CREATE UNIQUE INDEX "InstrumentMedia_instrumentId_mediaId_key" ON "InstrumentMedia"("instrumentId", "mediaId");

-- CreateIndex
CREATE UNIQUE INDEX "InstrumentAttachment_fileId_key" ON "InstrumentAttachment"("fileId");

-- CreateIndex
CREATE INDEX "InstrumentAttachment_instrumentId_position_idx" ON "InstrumentAttachment"("instrumentId", "position");

-- CreateIndex
CREATE INDEX "InstrumentAttachment_ownerId_idx" ON "InstrumentAttachment"("ownerId");

-- CreateIndex
CREATE UNIQUE INDEX "Media_posterOfId_key" ON "Media"("posterOfId");

-- AddForeignKey
ALTER TABLE "Media" ADD CONSTRAINT "Media_posterOfId_fkey" FOREIGN KEY ("posterOfId") REFERENCES "Media"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "MediaVariant" ADD CONSTRAINT "MediaVariant_mediaId_fkey" FOREIGN KEY ("mediaId") REFERENCES "Media"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "Instrument" ADD CONSTRAINT "Instrument_ownerId_fkey" FOREIGN KEY ("ownerId") REFERENCES "User"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "Instrument" ADD CONSTRAINT "Instrument_coverId_fkey" FOREIGN KEY ("coverId") REFERENCES "InstrumentMedia"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "InstrumentMedia" ADD CONSTRAINT "InstrumentMedia_instrumentId_fkey" FOREIGN KEY ("instrumentId") REFERENCES "Instrument"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "InstrumentMedia" ADD CONSTRAINT "InstrumentMedia_mediaId_fkey" FOREIGN KEY ("mediaId") REFERENCES "Media"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "InstrumentAttachment" ADD CONSTRAINT "InstrumentAttachment_instrumentId_fkey" FOREIGN KEY ("instrumentId") REFERENCES "Instrument"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "InstrumentAttachment" ADD CONSTRAINT "InstrumentAttachment_ownerId_fkey" FOREIGN KEY ("ownerId") REFERENCES "User"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "InstrumentAttachment" ADD CONSTRAINT "InstrumentAttachment_fileId_fkey" FOREIGN KEY ("fileId") REFERENCES "File"("id") ON DELETE NO ACTION ON UPDATE NO ACTION;

-- What follows cannot be said in schema.prisma.

-- The few media whose processing is not over: looked for every ten minutes.
CREATE INDEX "Media_processing" ON "Media" ("processingChangedAt") WHERE "processing" = 'processing';

-- The outbox, for smaller copies. Their media may be gone already, and with it the knowledge of the bucket.
CREATE FUNCTION fermata_variant_deleted() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO "Deletion" ("bucket", "objectKey", "sizeBytes")
    SELECT 'media-' || "visibility", "key", "sizeBytes" FROM gone;
  RETURN NULL;
END $$;

CREATE TRIGGER "MediaVariant_deleted" AFTER DELETE ON "MediaVariant"
  REFERENCING OLD TABLE AS gone FOR EACH STATEMENT EXECUTE FUNCTION fermata_variant_deleted();

-- A released file is purged a day after: the instant is written also where a cascade took the row that owned it.
CREATE FUNCTION fermata_attachment_deleted() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  UPDATE "File" SET "releasedAt" = now() WHERE "id" IN (SELECT "fileId" FROM gone);
  RETURN NULL;
END $$;

CREATE TRIGGER "InstrumentAttachment_deleted" AFTER DELETE ON "InstrumentAttachment"
  REFERENCING OLD TABLE AS gone FOR EACH STATEMENT EXECUTE FUNCTION fermata_attachment_deleted();
