import { defineJob } from "../crons/registry";
import { findMissingBytes as find } from "../storage/find-missing-bytes";

export const findMissingBytes = defineJob({
  description: "Looks for rows whose bytes are gone from the store, and names them in its log.",
  run: find,
});
