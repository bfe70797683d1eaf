import { CircleCheck, CircleDashed, CircleX } from "lucide-react";
import { StateLabel } from "../ui/state-label";
import type { MediaRow } from "./use-media";

export function MediaState({ status }: Pick<MediaRow, "status">) {
  if (status === "ready") {
    return (
      <StateLabel tone="ok" icon={CircleCheck}>
        Ready
      </StateLabel>
    );
  }
  return status === "pending" ? (
    <StateLabel tone="warn" icon={CircleDashed}>
      Pending
    </StateLabel>
  ) : (
    <StateLabel tone="bad" icon={CircleX}>
      Failed
    </StateLabel>
  );
}
