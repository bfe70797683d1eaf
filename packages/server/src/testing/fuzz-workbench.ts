import { monitorEventLoopDelay } from "node:perf_hooks";
import { sniffFacts } from "../bytes/sniff-facts";
import { AppError } from "../ground/errors";
import type { Workbench } from "../ports/workbench";
import { mediaCorpus, type Sample } from "./media-corpus";
import { mutate, randomFrom } from "./mutations";

export interface FuzzReport {
  inputs: number;
  read: number;
  /** Of these, drawn: a waveform or a film's picture was made of what was decoded. */
  drawn: number;
  /** Not understood, by their bytes: nothing is known of them, or they are refused by name. */
  refused: number;
  /** Ended for taking too long or too much memory. */
  ended: { name: string; index: number; reason: string }[];
  /** Readers that ended of themselves, and anything that nobody expected. */
  died: { name: string; index: number; error: string }[];
  longestMs: number;
  eventLoopP99Ms: number;
  eventLoopMaxMs: number;
}

interface Options {
  seed: number;
  inputs: number;
  /** Under way at the same time. */
  atOnce: number;
}

/** Sends mutations of small files of all accepted types through the workbench, and watches this process meanwhile. */
export async function fuzzWorkbench(
  workbench: Workbench,
  { seed, inputs, atOnce }: Options,
): Promise<FuzzReport> {
  const corpus = await mediaCorpus();
  const report: FuzzReport = {
    ...{ inputs, read: 0, drawn: 0, refused: 0, ended: [], died: [], longestMs: 0 },
    ...{ eventLoopP99Ms: 0, eventLoopMaxMs: 0 },
  };
  let next = 0;
  const delay = monitorEventLoopDelay({ resolution: 5 });
  delay.enable();
  const work = async () => {
    while (next < inputs) {
      const index = next++;
      const sample = corpus[index % corpus.length];
      if (!sample) return;
      // Its own seed: one input can be made again without those before it.
      const bytes = mutate(sample.bytes, randomFrom(seed * 1_000_003 + index));
      await examine(workbench, { sample, bytes, index }, report);
    }
  };
  await Promise.all(Array.from({ length: atOnce }, work));
  delay.disable();
  report.eventLoopP99Ms = delay.percentile(99) / 1e6;
  report.eventLoopMaxMs = delay.max / 1e6;
  return report;
}

interface Looked {
  isRead: boolean;
  isDrawn: boolean;
}

async function examine(
  workbench: Workbench,
  { sample, bytes, index }: { sample: Sample; bytes: Buffer; index: number },
  report: FuzzReport,
): Promise<void> {
  const begun = performance.now();
  try {
    // This one runs in the server: it sees the first bytes alone, and must be done with them at once.
    await sniffFacts(bytes);
    const { isRead, isDrawn } = await look(workbench, sample.kind, bytes);
    if (isRead) report.read++;
    else report.refused++;
    if (isDrawn) report.drawn++;
  } catch (error) {
    const { name } = sample;
    const reason = error instanceof AppError ? error.details?.reason : null;
    if (!(error instanceof AppError)) report.died.push({ name, index, error: String(error) });
    else if (typeof reason === "string" && /seconds|memory/.test(reason))
      report.ended.push({ name, index, reason });
    else report.refused++;
  }
  report.longestMs = Math.max(report.longestMs, performance.now() - begun);
}

async function look(workbench: Workbench, kind: Sample["kind"], bytes: Buffer): Promise<Looked> {
  const turn = { urgency: "background", whose: null } as const;
  if (kind === "clip") {
    const read = async (start: number, end: number) => bytes.subarray(start, end);
    const clip = { sizeBytes: bytes.length, read };
    const facts = await workbench.readClipFacts(clip, turn);
    if (!facts) return { isRead: false, isDrawn: false };
    const { durationSeconds } = facts;
    // A film that lost its pictures has its sound, and the other way round.
    const frame = await workbench.takeFrame({ ...clip, durationSeconds }, turn);
    const peaks = await workbench.drawWaveform(
      { ...clip, durationSeconds: durationSeconds ?? 1 },
      turn,
    );
    return { isRead: true, isDrawn: frame !== null || peaks !== null };
  }
  const wanted = { ...turn, maxPixels: 50_000_000 };
  const facts = await workbench.readImageFacts(bytes, wanted);
  if (!facts) return { isRead: false, isDrawn: false };
  await workbench.stripLocation(bytes, wanted);
  await workbench.resizeImage(bytes, { ...wanted, widthPx: 64, format: "webp", moving: true });
  return { isRead: true, isDrawn: false };
}
