-- What a recording sounds like at a glance.
ALTER TABLE "Media" ADD COLUMN "waveform" TEXT;
