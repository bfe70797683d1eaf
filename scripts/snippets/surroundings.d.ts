// What the snippets of the documents stand in: a page, a server, the reader's own functions. Whatever a snippet declares
// itself comes first.
import type * as api from "@fermata/api";
import type * as reactApi from "@fermata/api/react";
import type * as library from "@fermata/server";
import type * as nextHost from "@fermata/server/next";
import type * as zod from "zod";

type PrismaInTransaction = Parameters<typeof library.fromPrisma>[0];

declare global {
  /** Stands for what a document leaves out. */
  // biome-ignore lint/suspicious/noExplicitAny: it stands for whatever is wanted there
  const left: any;

  const clip: File;
  const file: File;
  const film: File;
  const pdf: File;
  const photo: File;
  const signal: AbortSignal;
  const media: api.Media;
  const peer: api.Peer;
  const pieces: string[];
  const storageId: string;
  const invoiceId: string;
  const roomId: string;
  const inviteToken: string;
  const displayName: string;
  const localStream: MediaStream;
  const hasClicked: boolean;
  const client: api.Fermata;
  const fermata: api.Fermata & library.FermataServer;
  const room: api.PeerRoom;
  const schema: zod.ZodType<{ page: number }>;
  const z: typeof zod.z;
  const yours: Record<never, never>;

  const nextHandlers: typeof nextHost.nextHandlers;
  const usePeerRoom: typeof reactApi.usePeerRoom;
  const usePresence: typeof reactApi.usePresence;
  const createFermataServer: typeof library.createFermataServer;

  const auth: {
    api: {
      getSession(of: { headers: Headers }): Promise<{ user: { id: string; name: string } } | null>;
    };
  };
  const prisma: {
    presence: { deleteMany(of: object): Promise<{ count: number }> };
    $transaction<Result>(work: (tx: PrismaInTransaction) => Promise<Result>): Promise<Result>;
  };
  const tomorrow: Date;
  function mayEdit(who: { userId: string }, invoiceId: string): Promise<boolean>;
  function onProgress(progress: { loadedBytes: number; totalBytes: number }): void;
  function offer(text: string): void;
  function offerToTidyUp(limitBytes: number): void;
  function remind(invoiceId: string): Promise<void>;
  function report(message: string, requestId?: string): void;
  function save(uploaded: object): void;
  function send(invoiceId: string): Promise<{ mailId: string }>;
  function sendReminders(): Promise<void>;
  function show(...what: unknown[]): void;
  function warn(filename: string, code: string): void;
  function whoAsks(request: Request): Promise<string>;
  function yourSignIn(request: Request): Promise<{ id: string; name: string } | null>;
}
