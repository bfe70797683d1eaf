import { type Fermata, type FermataError, toFermataError } from "@fermata/api";
import { limits } from "@fermata/contract";
import type { ArchivedFile, ConvexArchive } from "./convex-archive";
import { throughDisk, toMemory, verify } from "./extract";
import type { Leftovers } from "./find-leftovers";
import { UnusableFile } from "./unusable-file";

export interface ImportJob {
  fermata: Fermata;
  archive: ConvexArchive;
  source: string;
  /** Where large files pass through. */
  dir: string;
  dryRun: boolean;
  leftovers: Leftovers;
}

/** What became of one file. */
export type Outcome =
  | { kind: "file"; storageId: string | null; retyped: boolean }
  | { kind: "media"; mediaKey: string | null; retyped: boolean }
  | {
      kind: "failed";
      reason: string;
      /** Where the server, or the store behind it, said so. */
      failure?: FermataError;
    };

const unknownType = "application/octet-stream";

/** Verifies one file and stores it: as a private file, or, where it is too large for one, as private media. */
export async function importOne(job: ImportJob, file: ArchivedFile): Promise<Outcome> {
  try {
    if (!file.bytes) throw new UnusableFile("the archive has its document, and not its bytes");
    if (file.bytes.sizeBytes !== file.sizeBytes) {
      throw new UnusableFile("the archive and its document tell different sizes");
    }
    if (file.sizeBytes === 0) throw new UnusableFile("it is empty, and empty files are not stored");
    const small = file.sizeBytes <= limits.files.maxBytes;
    const bytes = await file.bytes.open();
    if (job.dryRun) {
      await verify(file, bytes);
      return small
        ? { kind: "file", storageId: null, retyped: false }
        : { kind: "media", mediaKey: null, retyped: false };
    }
    return small
      ? await asFile(job, file, await toMemory(file, bytes, file.contentType ?? unknownType))
      : await throughDisk(
          file,
          bytes,
          { dir: job.dir, type: file.contentType ?? unknownType },
          (blob) => asMedia(job, file, blob),
        );
  } catch (error) {
    if (error instanceof UnusableFile) {
      const { message, remedy } = error;
      return { kind: "failed", reason: remedy ? `${message}. ${remedy}` : message };
    }
    const failure = toFermataError(error);
    if (endsImport.includes(failure.code)) throw failure;
    return { kind: "failed", reason: `${failure.code}: ${failure.message}`, failure };
  }
}

/** Whatever comes next would fail as well. */
const endsImport = ["UNAUTHENTICATED", "FORBIDDEN", "QUOTA_EXCEEDED", "NETWORK"];

async function asFile(job: ImportJob, file: ArchivedFile, blob: File): Promise<Outcome> {
  const left = job.leftovers.get(file.filename);
  const stored =
    left?.sha256 === file.sha256
      ? { answer: { storageId: left.storageId }, retyped: false }
      : await withHonestType(blob, (typed) =>
          job.fermata.files.upload(typed, { filename: file.filename }),
        );
  const { storageId } = stored.answer;
  await record(job, file, { storageId });
  return { kind: "file", storageId, retyped: stored.retyped };
}

async function asMedia(job: ImportJob, file: ArchivedFile, blob: Blob): Promise<Outcome> {
  // Noted as soon as it has a key: an import that is killed finds it again.
  let noted: { key: string; done: Promise<unknown> } | null = null;
  const stored = await withHonestType(blob, (typed) =>
    job.fermata.media.upload(typed, {
      filename: file.filename,
      visibility: "private",
      onState(state) {
        if (!("key" in state) || state.key === null || noted?.key === state.key) return;
        const done = record(job, file, { mediaKey: state.key }).catch(() => {});
        noted = { key: state.key, done };
      },
    }),
  );
  await (noted as { done: Promise<unknown> } | null)?.done;
  await record(job, file, { mediaKey: stored.answer.key });
  return { kind: "media", mediaKey: stored.answer.key, retyped: stored.retyped };
}

/** Convex believes what type a client tells; where the bytes say otherwise, or a browser would run them, they go as bytes. */
async function withHonestType<B extends Blob, T>(
  blob: B,
  upload: (blob: Blob) => Promise<T>,
): Promise<{ answer: T; retyped: boolean }> {
  try {
    return { answer: await upload(blob), retyped: false };
  } catch (error) {
    const { code } = toFermataError(error);
    const aboutType = code === "UNSUPPORTED_MEDIA_TYPE" || code === "INVALID_INPUT";
    if (!aboutType || blob.type === unknownType) throw error;
    return { answer: await upload(blob.slice(0, blob.size, unknownType)), retyped: true };
  }
}

function record(
  { fermata, source }: ImportJob,
  { sourceId, createdAt }: ArchivedFile,
  became: { storageId: string } | { mediaKey: string },
) {
  const sourceCreatedAt = createdAt.toISOString();
  return fermata.trpc.imports.record.mutate({ source, sourceId, sourceCreatedAt, ...became });
}
