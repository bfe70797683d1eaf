import { EyeOff, Globe } from "lucide-react";
import { StateLabel } from "../ui/state-label";

export function PublishedLabel({ publishedAt }: { publishedAt: string | null }) {
  return publishedAt ? (
    <StateLabel tone="ok" icon={Globe}>
      Published
    </StateLabel>
  ) : (
    <StateLabel tone="off" icon={EyeOff}>
      Only you
    </StateLabel>
  );
}
