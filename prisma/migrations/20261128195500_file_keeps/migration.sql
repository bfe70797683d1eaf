-- CreateTable
CREATE TABLE "FileKeep" (
    "fileId" TEXT NOT NULL,
    "owner" TEXT NOT NULL,
    "createdAt" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "FileKeep_pkey" PRIMARY KEY ("fileId","owner")
);

-- AddForeignKey
ALTER TABLE "FileKeep" ADD CONSTRAINT "FileKeep_fileId_fkey" FOREIGN KEY ("fileId") REFERENCES "File"("id") ON DELETE NO ACTION ON UPDATE NO ACTION;
