-- Sessions are told apart by the place from which they were opened, too.
ALTER TABLE "Session" ADD COLUMN "address" TEXT;
