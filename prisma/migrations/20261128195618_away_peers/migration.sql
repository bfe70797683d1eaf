-- A page that goes says so: its seat stays its own until somebody else needs it.
ALTER TABLE "Peer" ADD COLUMN "awayAt" TIMESTAMPTZ(3);
