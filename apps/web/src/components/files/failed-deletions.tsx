"use client";

import { X } from "lucide-react";
import { describeFailure } from "../../lib/describe-failure";
import { IconButton } from "../ui/icon-button";
import { dismissFailedDeletions, usePendingDeletions } from "./pending-deletions";

/** Files that came back, since the server would not delete them. */
export function FailedDeletions() {
  const { failed } = usePendingDeletions();
  const [first] = failed;
  if (!first) return null;
  const others = failed.length > 1 ? ` and ${failed.length - 1} more` : "";
  const { title, body } = describeFailure(first.error);
  return (
    <div
      role="alert"
      className="mb-4 flex items-center gap-3 border-l-[3px] border-l-destructive bg-destructive-soft py-1.5 pr-1.5 pl-3 text-sm"
    >
      <span className="min-w-0 flex-1">
        <b className="font-[540]">
          {first.name}
          {others} could not be deleted.
        </b>{" "}
        {title}. {body}
      </span>
      <IconButton label="Dismiss" onClick={dismissFailedDeletions}>
        <X />
      </IconButton>
    </div>
  );
}
