import { Dialog as Primitive } from "radix-ui";
import { type ReactNode, useRef } from "react";
import { cn } from "../../lib/cn";
import { giveFocusBack, rememberOpener } from "../../lib/opener";
import { useUnsaved } from "../../lib/unsaved";
import { CloseDialog } from "./close-dialog";

export interface DialogProps {
  open: boolean;
  onOpenChange(open: boolean): void;
  title: string;
  description?: ReactNode;
  children?: ReactNode;
  /** The buttons, the safe one first. */
  actions?: ReactNode;
  /** Whether something stands in it that is not saved: closing and leaving ask first. */
  dirty?: boolean;
  className?: string;
}

/** What `Dialog` shows, in a script of its own: no page waits for it. */
export function DialogWindow(props: DialogProps) {
  const { open, onOpenChange, title, description, children, actions, dirty, className } = props;
  const content = useRef<HTMLDivElement>(null);
  const closeIfSaved = useUnsaved(open && dirty === true);
  const change = (next: boolean) => {
    if (next) onOpenChange(true);
    else closeIfSaved(() => onOpenChange(false));
  };
  return (
    <Primitive.Root open={open} onOpenChange={change}>
      <Primitive.Portal>
        <Primitive.Overlay className="fixed inset-0 z-40 animate-appear bg-scrim" />
        <Primitive.Content
          ref={content}
          data-modal=""
          {...(!description && { "aria-describedby": undefined })}
          onOpenAutoFocus={(event) => {
            if (content.current) rememberOpener(content.current);
            const first = content.current?.querySelector<HTMLElement>("[data-autofocus]");
            if (!first) return;
            event.preventDefault();
            // A tall one begins with its title in sight.
            first.focus({ preventScroll: true });
          }}
          onCloseAutoFocus={(event) => {
            event.preventDefault();
            giveFocusBack(event.currentTarget as Element | null);
          }}
          className={cn(
            "scroll-quiet fixed top-1/2 left-1/2 z-50 max-h-[calc(100dvh-32px)] w-[440px] max-w-[calc(100vw-32px)] -translate-x-1/2 -translate-y-1/2 animate-appear overflow-y-auto rounded-lg border border-border-strong bg-popover outline-none px-[22px] pt-5 pb-[18px] text-popover-foreground shadow-overlay",
            className,
          )}
        >
          <Primitive.Title className="font-display text-[21px] leading-[27px]">
            {title}
          </Primitive.Title>
          {description && (
            <Primitive.Description className="mt-1 text-balance text-muted-foreground text-sm">
              {description}
            </Primitive.Description>
          )}
          <CloseDialog value={() => change(false)}>
            {children}
            {actions && <div className="mt-4 flex flex-wrap justify-end gap-2">{actions}</div>}
          </CloseDialog>
        </Primitive.Content>
      </Primitive.Portal>
    </Primitive.Root>
  );
}
