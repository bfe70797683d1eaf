import { TriangleAlert } from "lucide-react";
import { formatClock } from "../../lib/dates";
import { describeFailure } from "../../lib/describe-failure";
import { Button } from "./button";

interface StaleNoteProps {
  error: unknown;
  /** When what stands below was true. */
  dataUpdatedAt: number;
  retry(): void;
}

/** Above data that could not be renewed: they stay, with their time. */
export function StaleNote({ error, dataUpdatedAt, retry }: StaleNoteProps) {
  return (
    <div role="status" className="flex items-center gap-2.5 py-2 text-sm text-warning">
      <TriangleAlert className="size-4" aria-hidden="true" />
      <span className="min-w-0 flex-1">
        {describeFailure(error).title}. This is from {formatClock(new Date(dataUpdatedAt))}.
      </span>
      <Button size="sm" onClick={retry} className="text-foreground">
        Try again
      </Button>
    </div>
  );
}
