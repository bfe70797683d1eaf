import type { ReactNode } from "react";
import { Button } from "./button";
import { Dialog } from "./dialog";
import { FailureNote } from "./failure";

interface ConfirmDialogProps {
  open: boolean;
  onOpenChange(open: boolean): void;
  /** Asks: `Delete sketch.png for good?` */
  title: string;
  /** What breaks. */
  description: ReactNode;
  /** The safe button, where focus starts: `Keep it`. */
  keep: string;
  /** Repeats the verb: `Delete`. */
  confirm: string;
  onConfirm(): void;
  pending: boolean;
  error: unknown;
}

/** Only for what cannot be undone. */
export function ConfirmDialog(props: ConfirmDialogProps) {
  const { open, onOpenChange, keep, confirm, onConfirm, pending, error, ...text } = props;
  return (
    <Dialog
      open={open}
      onOpenChange={onOpenChange}
      {...text}
      actions={
        <>
          <Button data-autofocus="" onClick={() => onOpenChange(false)}>
            {keep}
          </Button>
          <Button variant="destructive" onClick={onConfirm} disabled={pending}>
            {confirm}
          </Button>
        </>
      }
    >
      {error ? <FailureNote error={error} /> : null}
    </Dialog>
  );
}
