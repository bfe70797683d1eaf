import { lazy, type ReactNode, useContext } from "react";
import { Button } from "./button";
import { CloseDialog } from "./close-dialog";
import type { DialogProps } from "./dialog-window";
import { WhenOpened } from "./when-opened";

const DialogWindow = lazy(async () => ({
  default: (await import("./dialog-window")).DialogWindow,
}));

/**
 * A modal window. Focus starts on the element marked `data-autofocus`, else on the first control, and goes back to what
 * opened it.
 */
export function Dialog(props: DialogProps) {
  return (
    <WhenOpened open={props.open}>
      <DialogWindow {...props} />
    </WhenOpened>
  );
}

/** A button that closes the dialog that it stands in, as Escape does. */
export function DialogClose({ children }: { children: ReactNode }) {
  return <Button onClick={useContext(CloseDialog)}>{children}</Button>;
}
