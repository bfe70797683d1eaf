import { useState } from "react";
import { copyText } from "../../lib/copy-text";
import { Button } from "../ui/button";
import { Dialog } from "../ui/dialog";

/** Shown once, when they are made. */
export function RecoveryCodes({ codes, onClose }: { codes: string[]; onClose(): void }) {
  const [copied, setCopied] = useState(false);
  return (
    <Dialog
      open
      onOpenChange={(open) => !open && onClose()}
      title="Keep these recovery codes"
      description="Each signs you in once where the app is not at hand. They are shown this once: print them, or keep them where you keep passwords."
      actions={
        <>
          <Button onClick={async () => setCopied(await copyText(codes.join("\n")))}>
            {copied ? "Copied" : "Copy all"}
          </Button>
          <Button variant="primary" onClick={onClose}>
            They are kept
          </Button>
        </>
      }
    >
      <ul className="mt-4 grid select-all grid-cols-2 gap-x-4 gap-y-1.5 rounded-sm border bg-muted px-3 py-2.5 font-mono text-sm max-[420px]:grid-cols-1">
        {codes.map((code) => (
          <li key={code}>{code}</li>
        ))}
      </ul>
    </Dialog>
  );
}
