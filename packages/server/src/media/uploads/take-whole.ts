import type { BytePatch } from "../../bytes/byte-patches";
import { sampleBytes, sniffFacts } from "../../bytes/sniff-facts";
import type { UserContext } from "../../context";
import type { MediaModel } from "../../generated/prisma/models/Media";
import { AppError } from "../../ground/errors";
import { PlaceScan } from "../../images/may-tell-place";
import type { BucketName, PartChecksum } from "../../ports/object-store";
import { mediaDisposition } from "../rows/media-disposition";
import { refusalOf } from "./accepted-media";
import { homeBucket, landingBucket } from "./media-place";
import { findPlaces, isSearchedWhole, publishPatched, sayOriginalIsKept } from "./publish-object";
import { failUpload, finishUpload, settleUpload } from "./settle-upload";

export interface Taken {
  media: MediaModel;
  /** Of what arrived, hexadecimal: the SHA-256 where it was wanted and the store tells it, else the MD5. */
  checksum: string;
}

/**
 * Stores the bytes of a pending row as they come, where they are read, once all that is looked at in an upload was looked at:
 * the last of them is held back until then. What cannot be looked at on its way lands first, as a PUT does.
 * @param held whether the whole of it may be kept in memory meanwhile
 * @param wanted the checksum to be told
 * @throws AppError as `settleUpload` does; UPLOAD_INCOMPLETE when it is less than was said; whatever `body` throws
 */
export async function takeWhole(
  ctx: UserContext,
  media: MediaModel,
  body: AsyncIterable<Uint8Array>,
  held: boolean,
  wanted: PartChecksum,
): Promise<Taken> {
  const [landing, home] = [landingBucket(media), homeBucket(media)];
  const isLooked = landing === home || (held && isSearchedWhole(media));
  if (!isLooked) {
    const { checksum } = await store(ctx, media, landing, exact(media, body), wanted);
    const settled = await settleUpload(ctx, media);
    if (!settled) throw new AppError("UPSTREAM_UNAVAILABLE", { service: "storage" });
    return { media: settled, checksum };
  }
  const look = new LookOnTheWay(ctx, media);
  try {
    const stored = await store(ctx, media, home, look.at(exact(media, body)), wanted);
    const { etag, sizeBytes, md5, checksum } = stored;
    const told = {
      etag,
      sizeBytes,
      ...(md5 && { md5: toBase64(md5) }),
      keepsOriginal: false,
      hasLanded: false,
    };
    return { media: await finishUpload(ctx, media, told), checksum };
  } catch (error) {
    if (error instanceof TellsPlace) return publishWithout(ctx, media, error);
    if (look.fault && error === look.fault) await failUpload(ctx, media, look.fault);
    throw error;
  }
}

/** A picture that tells of a place: its original is kept where nobody else reads it. */
async function publishWithout(
  ctx: UserContext,
  media: MediaModel,
  { bytes, patches }: TellsPlace,
): Promise<Taken> {
  // The row keeps it, since the ETag becomes the copy's.
  const { md5 = "" } = await store(ctx, media, landingBucket(media), bytes, "md5");
  await sayOriginalIsKept(ctx, media);
  const published = await publishPatched(ctx, media, patches);
  if (!published) throw new AppError("UPSTREAM_UNAVAILABLE", { service: "storage" });
  return {
    media: await finishUpload(ctx, media, { ...published, md5: toBase64(md5) }),
    checksum: md5,
  };
}

async function store(
  { objects }: Pick<UserContext, "objects">,
  { key, userId, contentType, filename, sizeBytes }: MediaModel,
  bucket: BucketName,
  body: AsyncIterable<Uint8Array> | Uint8Array,
  hashed: PartChecksum,
) {
  const stored = await objects.put(bucket, key, body, {
    contentType,
    contentDisposition: mediaDisposition(contentType, filename),
    label: userId,
    hashed,
    ...(sizeBytes !== null && { sizeBytes: Number(sizeBytes) }),
  });
  return { ...stored, checksum: stored.sha256 ?? stored.md5 ?? "" };
}

/** No picture as it is, of which everything is known by now. */
class TellsPlace extends Error {
  constructor(
    readonly bytes: Buffer,
    readonly patches: BytePatch[],
  ) {
    super("it says where it was taken");
  }
}

/** What an object is looked at for before it is ready, while it passes. */
class LookOnTheWay {
  /** What is wrong with it. */
  fault: AppError | null = null;
  readonly #isKept: boolean;
  readonly #places = new PlaceScan();
  #chunks: Uint8Array[] = [];

  constructor(
    readonly ctx: UserContext,
    readonly media: MediaModel,
  ) {
    this.#isKept = isSearchedWhole(media);
  }

  async *at(body: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
    let waiting: Uint8Array[] = [];
    let passedBytes = 0;
    let signature: string | null | undefined;
    for await (const chunk of body) {
      if (this.#isKept) this.#keep(chunk);
      passedBytes += chunk.byteLength;
      if (signature === undefined && passedBytes >= sampleBytes) {
        signature = await this.#sniff(Buffer.concat([...waiting, chunk]));
      }
      if (signature !== undefined) {
        yield* waiting;
        waiting = [];
      }
      waiting.push(chunk);
    }
    signature ??= await this.#sniff(Buffer.concat(waiting));
    if (this.#places.mayTell) await this.#search(signature);
    yield* waiting;
  }

  #keep(chunk: Uint8Array): void {
    this.#chunks.push(chunk);
    this.#places.add(chunk);
  }

  async #sniff(first: Buffer): Promise<string | null> {
    const facts = await sniffFacts(first.subarray(0, sampleBytes));
    const refusal = refusalOf(this.media, facts);
    if (refusal) throw this.#failed(refusal);
    return facts.signature;
  }

  async #search(signature: string | null): Promise<void> {
    const { contentType, key, userId } = this.media;
    const whole = Buffer.concat(this.#chunks);
    this.#chunks = [];
    const place = { bucket: landingBucket(this.media), key };
    const turn = { urgency: "person" as const, whose: userId };
    const types = [contentType, signature ?? ""];
    const patches = await findPlaces(this.ctx, place, whole.length, { types, turn, whole }).catch(
      (error: unknown) => {
        const isLasting = error instanceof AppError && error.code === "UNSUPPORTED_MEDIA_TYPE";
        throw isLasting ? this.#failed(error) : error;
      },
    );
    if (patches) throw new TellsPlace(whole, patches);
  }

  #failed(fault: AppError): AppError {
    this.fault = fault;
    return fault;
  }
}

/** As many bytes as were said: more of them no HTTP body has. */
async function* exact(
  { sizeBytes }: MediaModel,
  body: AsyncIterable<Uint8Array>,
): AsyncGenerator<Uint8Array> {
  const expectedBytes = Number(sizeBytes);
  let arrivedBytes = 0;
  for await (const chunk of body) {
    arrivedBytes += chunk.byteLength;
    if (arrivedBytes > expectedBytes) {
      throw new AppError("PAYLOAD_TOO_LARGE", {
        sizeBytes: arrivedBytes,
        limitBytes: expectedBytes,
      });
    }
    yield chunk;
  }
  if (arrivedBytes < expectedBytes) {
    throw new AppError("UPLOAD_INCOMPLETE", { expectedBytes, sizeBytes: arrivedBytes });
  }
}

function toBase64(hex: string): string {
  return Buffer.from(hex, "hex").toString("base64");
}
