import { CloudOff, RotateCw } from "lucide-react";
import { describeFailure } from "../../lib/describe-failure";
import { Button } from "./button";
import { EmptyState } from "./empty-state";

interface FailureProps {
  error: unknown;
  retry(): void;
  retrying?: boolean;
  className?: string;
}

/** In place of what could not be shown: the cause, what is safe, one remedy. */
export function Failure({ error, retry, retrying = false, className }: FailureProps) {
  const { title, body, requestId } = describeFailure(error);
  return (
    <EmptyState
      role="alert"
      icon={<CloudOff className="text-destructive" />}
      title={title}
      className={className}
      action={
        <Button variant="primary" onClick={retry} disabled={retrying}>
          <RotateCw />
          {retrying ? "Trying…" : "Try again"}
        </Button>
      }
    >
      {body}
      {requestId && <RequestId id={requestId} />}
    </EmptyState>
  );
}

/** Small, beside what failed. */
export function FailureNote({ error, className }: { error: unknown; className?: string }) {
  const { title, body, requestId } = describeFailure(error);
  return (
    <div
      role="alert"
      className={
        className ??
        "mt-3 rounded-r-sm border-l-[3px] border-l-destructive bg-destructive-soft px-3 py-2 text-sm"
      }
    >
      <b className="font-semibold text-destructive">{title}.</b> {body}
      {requestId && <RequestId id={requestId} />}
    </div>
  );
}

function RequestId({ id }: { id: string }) {
  return (
    <span className="mt-1 block text-muted-foreground text-xs">
      Request <span className="mono select-all">{id}</span> stands in the server’s log.
    </span>
  );
}
