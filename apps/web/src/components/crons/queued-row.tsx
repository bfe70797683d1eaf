"use client";

import { useTRPC } from "@fermata/api/react";
import type { QueuedJob } from "@fermata/contract";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { X } from "lucide-react";
import { useState } from "react";
import { cn } from "../../lib/cn";
import { toast } from "../../lib/toasts";
import { ConfirmDialog } from "../ui/confirm-dialog";
import { IconButton } from "../ui/icon-button";
import { Time } from "../ui/time";
import { QueuedDetail } from "./queued-detail";
import { QueuedState } from "./queued-state";

export const queueColumns =
  "grid grid-cols-[minmax(0,1fr)_188px_188px_90px_32px] items-center gap-[18px] max-md:grid-cols-[minmax(0,1fr)_32px] max-md:gap-y-1";

interface QueuedRowProps {
  job: QueuedJob;
  now: Date;
  opened: boolean;
  toggle(): void;
}

export function QueuedRow({ job, now, opened, toggle }: QueuedRowProps) {
  return (
    <li className="border-b">
      <div className={cn(queueColumns, "min-h-11 py-1.5 text-sm")}>
        <button
          type="button"
          data-row={job.jobId}
          aria-expanded={opened}
          onClick={toggle}
          title={job.jobId}
          className="min-w-0 truncate rounded-sm text-left font-[540] hover:underline hover:decoration-border-strong hover:underline-offset-4"
        >
          {job.name}
        </button>
        <span className="min-w-0 max-md:order-last max-md:col-span-2 max-md:flex max-md:flex-wrap max-md:gap-x-3">
          <QueuedState job={job} now={now} />
          <span className="text-muted-foreground text-xs leading-5 md:hidden">
            <When job={job} now={now} />
            {attemptOf(job) && `, attempt ${attemptOf(job)}`}
          </span>
        </span>
        <span className="min-w-0 truncate max-md:hidden">
          <When job={job} now={now} />
        </span>
        <span className="text-muted-foreground max-md:hidden">{attemptOf(job)}</span>
        {job.status === "queued" ? <Cancel job={job} /> : <span />}
      </div>
      {opened && <QueuedDetail job={job} now={now} />}
    </li>
  );
}

function When({
  job: { runAt, startedAt, finishedAt, status },
  now,
}: {
  job: QueuedJob;
  now: Date;
}) {
  const at = finishedAt ?? (status === "running" ? startedAt : runAt) ?? runAt;
  const isFar = Math.abs(Date.parse(at) - now.getTime()) > 86_400_000;
  return (
    <>
      <Time at={at} now={now} />
      {!isFar && (
        <span className="ml-2 text-muted-foreground text-xs">
          <Time at={at} now={now} relative />
        </span>
      )}
    </>
  );
}

function attemptOf({ attempt, attempts }: QueuedJob): string {
  if (attempts === null || attempts === 1) return attempt > 1 ? String(attempt) : "";
  return `${attempt} of ${Math.max(attempt, attempts)}`;
}

function Cancel({ job: { jobId, name } }: { job: QueuedJob }) {
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const [asks, setAsks] = useState(false);
  const cancel = useMutation(
    trpc.crons.cancel.mutationOptions({
      onSuccess: () => {
        setAsks(false);
        toast(`“${name}” is taken back`);
      },
      // It may have begun in the meantime: the list says what is so.
      onSettled: () => queryClient.invalidateQueries(trpc.crons.queue.pathFilter()),
    }),
  );
  return (
    <>
      <IconButton
        label={`Take back ${name}`}
        title="Take it back"
        onClick={() => {
          cancel.reset();
          setAsks(true);
        }}
      >
        <X />
      </IconButton>
      <ConfirmDialog
        open={asks}
        onOpenChange={setAsks}
        title={`Take back “${name}”?`}
        description="It will not run. Whoever asked for it has to ask again."
        keep="Let it run"
        confirm="Take it back"
        onConfirm={() => cancel.mutate({ jobId })}
        pending={cancel.isPending}
        error={cancel.error}
      />
    </>
  );
}
