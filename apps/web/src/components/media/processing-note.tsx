"use client";

import { useTRPC } from "@fermata/api/react";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { RotateCw } from "lucide-react";
import { Button } from "../ui/button";
import { FailureNote } from "../ui/failure";
import type { MediaRow } from "./use-media";

/** What the server does with media after their upload, and what to do where it could not. */
export function ProcessingNote({ media }: { media: MediaRow }) {
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const again = useMutation(
    trpc.storage.reprocess.mutationOptions({
      onSuccess: () => queryClient.invalidateQueries(trpc.storage.list.pathFilter()),
    }),
  );
  const { key, processing } = media;
  if (!processing || processing.state === "ready") return null;
  if (processing.state === "processing")
    return (
      <p className="mb-3.5 text-muted-foreground text-sm" role="status">
        Smaller copies are being made. The original can be used already.
      </p>
    );
  return (
    <div className="mb-3.5 border-l-[3px] border-l-warning-mark py-0.5 pl-3 text-sm">
      <p>
        <b className="font-semibold text-warning">Not processed.</b> {processing.reason}
      </p>
      <Button
        size="sm"
        className="mt-2"
        disabled={again.isPending}
        onClick={() => again.mutate({ key })}
      >
        <RotateCw />
        Try again
      </Button>
      {again.error && <FailureNote error={again.error} />}
    </div>
  );
}
