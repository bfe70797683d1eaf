-- What is seen in an image when it arrives.
ALTER TABLE "File"
  ADD COLUMN "width" INTEGER,
  ADD COLUMN "height" INTEGER,
  ADD COLUMN "orientation" INTEGER,
  ADD COLUMN "thumbHash" TEXT,
  ADD COLUMN "hasLocation" BOOLEAN;

-- CreateTable
CREATE TABLE "FileVariant" (
    "fileId" TEXT NOT NULL,
    "width" INTEGER NOT NULL,
    "objectKey" TEXT NOT NULL,
    "contentType" TEXT NOT NULL,
    "sizeBytes" INTEGER NOT NULL DEFAULT 0,
    "createdAt" TIMESTAMPTZ(3) NOT NULL,
    "readyAt" TIMESTAMPTZ(3),
    "claimExpiresAt" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "FileVariant_pkey" PRIMARY KEY ("fileId","width")
);

-- CreateIndex
CREATE UNIQUE INDEX "FileVariant_objectKey_key" ON "FileVariant"("objectKey");

-- AddForeignKey
ALTER TABLE "FileVariant" ADD CONSTRAINT "FileVariant_fileId_fkey" FOREIGN KEY ("fileId") REFERENCES "File"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- Whose file the bytes were: for receipts.
ALTER TABLE "Deletion" ADD COLUMN "userId" TEXT, ADD COLUMN "storageId" TEXT;

-- CreateIndex
CREATE INDEX "Deletion_userId_createdAt_id_idx" ON "Deletion"("userId", "createdAt", "id");

-- CreateIndex
CREATE INDEX "Deletion_storageId_idx" ON "Deletion"("storageId");

-- A grant that nobody used held no bytes: its deletion is nobody's receipt.
CREATE OR REPLACE FUNCTION fermata_file_deleted() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM fermata_count_bytes("uploaderId", 'files', -sum("sizeBytes")) FROM gone GROUP BY "uploaderId" ORDER BY "uploaderId";
  INSERT INTO "Deletion" ("bucket", "objectKey", "sizeBytes", "userId", "storageId")
    SELECT 'files', "objectKey", "sizeBytes", CASE WHEN "status" = 'ready' THEN "uploaderId" END, "id" FROM gone;
  RETURN NULL;
END $$;

-- For each row: a cascade deletes the variants of one file by one statement, and most files have none.
CREATE FUNCTION fermata_file_variant_deleted() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO "Deletion" ("bucket", "objectKey", "sizeBytes", "storageId")
    VALUES ('files', OLD."objectKey", OLD."sizeBytes", OLD."fileId");
  RETURN NULL;
END $$;

CREATE TRIGGER "FileVariant_deleted" AFTER DELETE ON "FileVariant"
  FOR EACH ROW EXECUTE FUNCTION fermata_file_variant_deleted();
