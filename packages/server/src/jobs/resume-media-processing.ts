import { defineJob } from "../crons/registry";
import { resumeProcessing } from "../media/resume-processing";

export const resumeMediaProcessing = defineJob({
  description: "Asks again for the processing of media that was asked for and never came about.",
  run: resumeProcessing,
});
