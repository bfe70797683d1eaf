import { defineJob } from "../crons/registry";
import { expireUploads as expire } from "../storage/expire-uploads";

export const expireUploads = defineJob({
  description: "Ends media uploads whose time is over: completes what arrived, aborts the rest.",
  run: expire,
});
