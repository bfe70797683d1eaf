"use client";

import { useTRPC } from "@fermata/api/react";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { formatBytes, plural } from "../../lib/format";
import { toast } from "../../lib/toasts";
import { Button } from "../ui/button";
import { ConfirmDialog } from "../ui/confirm-dialog";
import { FailureNote } from "../ui/failure";

interface StrayDecisionProps {
  strays: { bytes: number; undecided: number; asks: boolean };
}

/** Asks an admin about objects without a row, where a sweep may not decide. */
export function StrayDecision({ strays }: StrayDecisionProps) {
  const [isSure, setIsSure] = useState(false);
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const decide = useMutation(
    trpc.storage.decideStrays.mutationOptions({
      onSuccess: async ({ count }, { decision }) => {
        setIsSure(false);
        toast(
          decision === "keep"
            ? `${plural(count, "object")} will be left alone`
            : `${plural(count, "object")} will be deleted a week after they were first seen`,
        );
        await Promise.all([
          queryClient.invalidateQueries(trpc.storage.pathFilter()),
          queryClient.invalidateQueries(trpc.overview.pathFilter()),
        ]);
      },
    }),
  );
  const objects = plural(strays.undecided, "object");
  return (
    <div className="border-b py-3">
      <p className="text-sm">
        {strays.asks
          ? `${objects} belong to no row: more than a sweep deletes unasked. None was deleted.`
          : `${objects} belong to no row. The sweep deletes those that this installation let go, a week after it saw them, and keeps the rest until you decide.`}
      </p>
      <div className="mt-2 flex flex-wrap gap-2">
        <Button onClick={() => decide.mutate({ decision: "keep" })} disabled={decide.isPending}>
          Leave them alone
        </Button>
        <Button variant="destructive" onClick={() => setIsSure(true)}>
          Delete them
        </Button>
      </div>
      {decide.error && !isSure ? <FailureNote error={decide.error} /> : null}
      <ConfirmDialog
        open={isSure}
        onOpenChange={(next) => {
          decide.reset();
          setIsSure(next);
        }}
        title={`Delete ${objects} for good?`}
        description={`${formatBytes(strays.bytes)} in all. If a backup was restored, or another installation uses this store, these may be somebody’s photos. They go with the first sweep a week after they were seen.`}
        keep="Keep them"
        confirm="Delete them"
        onConfirm={() => decide.mutate({ decision: "delete" })}
        pending={decide.isPending}
        error={decide.error}
      />
    </div>
  );
}
