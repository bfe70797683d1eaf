import { availableParallelism } from "node:os";
import type { LazyImage, Urgency, Workbench } from "../ports/workbench";
import { Lane, type LaneTerms } from "./lane";

const MIB = 1024 * 1024;

export interface WorkbenchConfig {
  /** Where the built entry of its processes lies; by default beside this code. */
  entry?: string | null;
  /** After so long, work in the background is ended. A person's is after a third of it. */
  deadlineSeconds?: number;
  /** After so long in which it asked for nothing, work that reads in parts is ended. */
  stallSeconds?: number;
  /** What one process may hold. */
  memoryLimitBytes?: number;
  /** Those who may wait for each of the two kinds of work; of one owner's, half as many. */
  maxWaiting?: number;
}

/**
 * Opens the workbench; its processes start when the first work comes. There are two lanes with processes of their own: what
 * is done in the background can neither take a person's place nor, as it stands back, much of the machine. Each has a process
 * more than the machine has use for, and one owner's content never has them all: what others bring finds one free.
 *
 * Processes, not threads: a thread's limit does not cover what native code allocates, native code that does not end cannot
 * be ended in it, and one that crashes takes the server along.
 */
export function openWorkbench({
  entry = null,
  deadlineSeconds = 60,
  stallSeconds = 15,
  memoryLimitBytes = 1024 * MIB,
  maxWaiting = 200,
}: WorkbenchConfig = {}): Workbench {
  const cores = availableParallelism();
  const common = { entry, memoryLimitBytes, stallSeconds, maxWaiting, idleSeconds: 300 };
  const terms: Record<Urgency, LaneTerms> = {
    person: {
      ...common,
      processes: Math.max(2, Math.min(4, cores)) + 1,
      deadlineSeconds: deadlineSeconds / 3,
      niceness: 0,
    },
    background: {
      ...common,
      processes: Math.max(1, Math.min(4, cores)) + 1,
      deadlineSeconds,
      niceness: 10,
    },
  };
  const lanes = { person: new Lane(terms.person), background: new Lane(terms.background) };
  const noParts = () => Promise.reject(new Error("it was given whole"));
  return {
    readImageFacts: (image, { urgency, whose, ...wanted }) =>
      lanes[urgency].run("readImageFacts", {
        whose,
        input: async () => ({ image: await fetched(image), ...wanted }),
        read: noParts,
      }),
    resizeImage: (image, { urgency, whose, ...wanted }) =>
      lanes[urgency].run("resizeImage", {
        whose,
        input: async () => ({ image: await fetched(image), ...wanted }),
        read: noParts,
      }),
    stripLocation: (image, { urgency, whose, maxPixels }) =>
      lanes[urgency].run("stripLocation", {
        whose,
        input: async () => ({ image: await fetched(image), maxPixels }),
        read: noParts,
      }),
    pictureLocation: (image, { urgency, whose }) =>
      lanes[urgency].run("pictureLocation", {
        whose,
        input: async () => ({ image: await fetched(image) }),
        read: noParts,
      }),
    clipLocation: ({ sizeBytes, read }, { urgency, whose }) =>
      lanes[urgency].run("clipLocation", { whose, input: async () => ({ sizeBytes }), read }),
    readClipFacts: ({ sizeBytes, read }, { urgency, whose }) =>
      lanes[urgency].run("readClipFacts", { whose, input: async () => ({ sizeBytes }), read }),
    drawWaveform: ({ read, ...clip }, { urgency, whose }) =>
      lanes[urgency].run("drawWaveform", { whose, input: async () => clip, read }),
    takeFrame: ({ read, ...clip }, { urgency, whose }) =>
      lanes[urgency].run("takeFrame", { whose, input: async () => clip, read }),
    async close() {
      for (const lane of Object.values(lanes)) lane.close();
    },
  };
}

/**
 * Never called: named where the tracing of a platform's build sees what the processes load, so that it is carried along.
 * @public
 */
export const decoder = () => import("sharp");

async function fetched(image: LazyImage) {
  return typeof image === "function" ? image() : image;
}
