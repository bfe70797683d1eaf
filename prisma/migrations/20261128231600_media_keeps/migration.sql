-- CreateTable
CREATE TABLE "MediaKeep" (
    "mediaId" TEXT NOT NULL,
    "owner" TEXT NOT NULL,
    "createdAt" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "MediaKeep_pkey" PRIMARY KEY ("mediaId","owner")
);

-- AddForeignKey
ALTER TABLE "MediaKeep" ADD CONSTRAINT "MediaKeep_mediaId_fkey" FOREIGN KEY ("mediaId") REFERENCES "Media"("id") ON DELETE CASCADE ON UPDATE NO ACTION;
