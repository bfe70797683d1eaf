import { formatClock, sentenceDay } from "../../lib/dates";
import { useNow } from "../../lib/use-now";
import { Button } from "../ui/button";
import { CodeLine } from "../ui/code-line";
import { Dialog } from "../ui/dialog";

export interface MadeLink {
  kind: "invitation" | "reset";
  email: string;
  url: string;
  expiresAt: string;
}

/** A link to send, shown this once. */
export function LinkDialog({ link, onClose }: { link: MadeLink | null; onClose(): void }) {
  const now = useNow();
  if (!link) return null;
  const until = new Date(link.expiresAt);
  const what = link.kind === "reset" ? "A new password" : "A new invitation";
  const effect =
    link.kind === "reset"
      ? "The old password works until then; choosing a new one signs them out everywhere."
      : "Earlier links are void.";
  return (
    <Dialog
      open
      onOpenChange={(open) => !open && onClose()}
      title={`${what} for ${link.email}`}
      description={`Send them this link; there is no mail from here. It works once, until ${sentenceDay(until, now)}, ${formatClock(until)}, and is shown this once. ${effect}`}
      className="w-[520px]"
      actions={
        <Button variant="primary" onClick={onClose}>
          Done
        </Button>
      }
    >
      <CodeLine className="mt-4" text={link.url} what="the link" />
    </Dialog>
  );
}
