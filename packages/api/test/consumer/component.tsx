import type { ErrorCode, FermataError } from "@fermata/api";
import { FermataProvider, useTRPC, useUploadFile, useUploadQueue } from "@fermata/api/react";
import { useMutation, useQuery } from "@tanstack/react-query";
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

export function App() {
  return (
    <FermataProvider client={fermata}>
      <Avatar storageId="one" />
    </FermataProvider>
  );
}
