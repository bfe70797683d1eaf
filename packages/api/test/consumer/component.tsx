import type { ErrorCode, FermataError } from "@fermata/api";
import {
  FermataProvider,
  FileImage,
  UploadButton,
  UploadDropzone,
  UploadQueue,
  useTRPC,
  useUploadFile,
  useUploadQueue,
} from "@fermata/api/react";
import {
  keepPreviousData,
  skipToken,
  useMutation,
  useQuery,
  useQueryClient,
  useSuspenseQuery,
} from "@tanstack/react-query";
import { fermata } from "./types.js";

function Avatar({ storageId }: { storageId: string }) {
  const trpc = useTRPC();
  const url = useQuery(trpc.files.getUrl.queryOptions({ storageId }));
  const remove = useMutation(trpc.files.delete.mutationOptions());
  const { upload, progress, error } = useUploadFile();
  const { items, add } = useUploadQueue();
  const reason: FermataError | null = error;
  const code: ErrorCode | undefined = url.error?.data?.appCode;
  const src: string | undefined = url.data ?? undefined;
  return (
    <form
      onReset={() => remove.mutate({ storageId })}
      onDrop={(event) => add(event.dataTransfer.files, { kind: "media" })}
    >
      <img src={src} alt={reason?.message ?? code ?? `${items.length} uploads`} />
      <progress value={progress ?? 0} />
      <input type="file" onChange={(event) => upload(event.target.files?.[0] ?? new Blob())} />
    </form>
  );
}

/** With options, without, and as TanStack Query's other readers take them: the types are the same. */
export function Everywhere({ storageId }: { storageId?: string }) {
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const url = trpc.files.getUrl.queryOptions({ storageId: "one" });
  const cached: string | null | undefined = queryClient.getQueryData(url.queryKey);
  const fetched: Promise<string | null> = queryClient.fetchQuery(url);
  const read: string | null = useSuspenseQuery(url).data;
  const maybe = useQuery(trpc.files.getUrl.queryOptions(storageId ? { storageId } : skipToken));
  const skipped: string | null | undefined = maybe.data;
  const length: number | undefined = useQuery(
    trpc.files.getUrl.queryOptions(
      { storageId: "one" },
      { select: (found) => found?.length ?? 0, placeholderData: keepPreviousData, staleTime: 1 },
    ),
  ).data;
  const known: string | null = useQuery(
    trpc.files.getUrl.queryOptions({ storageId: "one" }, { initialData: null }),
  ).data;
  const remove = useMutation(trpc.files.delete.mutationOptions());
  const codes: (ErrorCode | undefined)[] = [
    remove.error?.data?.appCode,
    maybe.error?.data?.appCode,
  ];
  const noisy = useMutation(
    trpc.files.delete.mutationOptions({ onError: (error) => codes.push(error.data?.appCode) }),
  );
  // @ts-expect-error an input that is none
  useQuery(trpc.files.getUrl.queryOptions({ storage: "one" }));
  return { cached, fetched, read, skipped, length, known, noisy };
}

/** As `typeof fermata` of an app's server, with its rules. */
interface Server {
  uploads: {
    invoice: { kind: "file"; readonly _input?: { invoiceId: string } };
    film: { kind: "media" };
  };
}

export function Places() {
  const target = { kind: "file", options: { as: "invoice", input: { invoiceId: "1" } } } as const;
  return (
    <>
      <UploadButton<Server> label="The invoice" accept=".pdf" target={target} />
      <UploadDropzone<Server>
        label="Films"
        target={{ kind: "media", options: { as: "film" } }}
        queue="shared"
      />
      {/* @ts-expect-error the rule takes its input along */}
      <UploadButton<Server> label="x" target={{ kind: "file", options: { as: "invoice" } }} />
      {/* @ts-expect-error a rule for films takes no files */}
      <UploadButton<Server> label="x" target={{ kind: "file", options: { as: "film" } }} />
      <UploadQueue />
      <FileImage storageId="one" alt="The fallboard" width={240} />
    </>
  );
}

export function App() {
  return (
    <FermataProvider client={fermata}>
      <Avatar storageId="one" />
    </FermataProvider>
  );
}
