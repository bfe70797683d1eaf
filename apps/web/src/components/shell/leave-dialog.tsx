"use client";

import { useEffect, useState } from "react";
import { watchLeaving } from "../../lib/unsaved";
import { ConfirmDialog } from "../ui/confirm-dialog";

/** Asks before what somebody typed is lost. One for all forms. */
export function LeaveDialog() {
  const [leave, setLeave] = useState<(() => void) | null>(null);
  useEffect(() => watchLeaving((next) => setLeave(() => next)), []);
  return (
    <ConfirmDialog
      open={leave !== null}
      onOpenChange={() => setLeave(null)}
      title="Leave without saving?"
      description="What you typed here is not saved, and would be gone."
      keep="Keep typing"
      confirm="Leave without saving"
      onConfirm={() => {
        setLeave(null);
        leave?.();
      }}
      pending={false}
      error={null}
    />
  );
}
