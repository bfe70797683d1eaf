import { defineJob } from "../crons/registry";
import { nextStuckAt, resumeProcessing } from "./processing/resume-processing";
import { expireUploads as expire, nextExpiryAt } from "./sweeps/expire-uploads";
import { findMissingBytes as find } from "./sweeps/find-missing-bytes";
import { nextUnsearchedAt, stripPublicPlaces as strip } from "./sweeps/strip-public-places";
import { sweepOrphans as sweep } from "./sweeps/sweep-orphans";

export const expireUploads = defineJob({
  description: "Ends media uploads whose time is over: completes what arrived, aborts the rest.",
  deletesByAge: true,
  onlyWhen: { due: nextExpiryAt, inWords: "the time of one is over" },
  run: expire,
});

export const resumeMediaProcessing = defineJob({
  description: "Asks again for the processing of media that was asked for and never came about.",
  onlyWhen: { due: nextStuckAt, inWords: "processing is stuck" },
  run: resumeProcessing,
});

export const sweepOrphans = defineJob({
  description: "Looks through the whole store for bytes that no row names.",
  deletesByAge: true,
  run: sweep,
});

export const stripPublicPlaces = defineJob({
  description:
    "Takes the place where they were taken out of public media of releases that published it; originals become private.",
  onlyWhen: { due: nextUnsearchedAt, inWords: "public media were never looked at" },
  run: strip,
});

export const findMissingBytes = defineJob({
  description: "Looks for rows whose bytes are gone from the store, and names them in its log.",
  run: find,
});
