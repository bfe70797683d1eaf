import {
  createFermata,
  createPeerRoom,
  type FermataErrorCode,
  type Media,
  type PeerState,
  toFermataError,
} from "@fermata/api";

type Same<A, B> =
  (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;
/** Compiles only when both types are one and the same; `any` is the same as nothing but itself. */
function same<A, B>(verdict: Same<A, B>) {
  return verdict;
}

export const fermata = createFermata({ url: "https://example.com", token: async () => "token" });
const { trpc } = fermata;

type Url = Awaited<ReturnType<typeof trpc.files.getUrl.query>>;
same<Url, string | null>(true);

type Input = Parameters<typeof trpc.files.getUrl.query>[0];
same<Input["storageId"], string>(true);
same<Input["filename"], string | undefined>(true);

type Page = Awaited<ReturnType<typeof trpc.storage.list.query>>;
same<Page["nextCursor"], string | null>(true);
same<Page["items"][number]["status"], "pending" | "ready" | "failed">(true);

// A procedure that does not exist is not there.
same<"shred" extends keyof typeof trpc.files ? true : false, false>(true);

export async function upload(file: File, signal: AbortSignal): Promise<Media> {
  const { storageId } = await fermata.files.upload(file, { signal });
  same<typeof storageId, string>(true);
  return fermata.media.upload(file, {
    visibility: "private",
    onProgress: ({ loadedBytes, totalBytes, secondsLeft }) => {
      same<typeof loadedBytes, number>(true);
      same<typeof totalBytes, number>(true);
      same<typeof secondsLeft, number | undefined>(true);
    },
  });
}

export function explain(thrown: unknown): string {
  const { code, message } = toFermataError(thrown);
  same<typeof code, FermataErrorCode>(true);
  return code === "NETWORK" || code === "QUOTA_EXCEEDED" ? code : message;
}

/** A look at the code tells what the details are. */
export function limitOf(thrown: unknown): number | undefined {
  const error = toFermataError(thrown);
  if (error.code === "QUOTA_EXCEEDED") {
    same<typeof error.details.limitBytes, number>(true);
    return error.details.limitBytes;
  }
  if (error.code === "RATE_LIMITED") return error.details.retryAfterSeconds;
  return error.code === "PAYLOAD_TOO_LARGE" ? error.details?.limitBytes : undefined;
}

export function call(roomId: string): () => void {
  const room = createPeerRoom({ client: fermata, roomId, displayName: "Ines" });
  const keys = room.channel("keys", { ordered: false });
  const stop = room.on("peerState", ({ peer, previous }) => {
    same<typeof previous, PeerState>(true);
    keys.send(peer.displayName, { to: peer.peerId });
  });
  same<Awaited<ReturnType<typeof room.join>>, void>(true);
  return stop;
}
