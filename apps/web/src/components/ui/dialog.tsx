import { Dialog as Primitive } from "radix-ui";
import { type ReactNode, useRef } from "react";
import { cn } from "../../lib/cn";

interface DialogProps {
  open: boolean;
  onOpenChange(open: boolean): void;
  title: string;
  description?: ReactNode;
  children?: ReactNode;
  /** The buttons, the safe one first. */
  actions?: ReactNode;
  className?: string;
}

/** A modal window. Focus starts on the element marked `data-autofocus`, else on the first control. */
export function Dialog(props: DialogProps) {
  const { open, onOpenChange, title, description, children, actions, className } = props;
  const content = useRef<HTMLDivElement>(null);
  return (
    <Primitive.Root open={open} onOpenChange={onOpenChange}>
      <Primitive.Portal>
        <Primitive.Overlay className="fixed inset-0 z-40 animate-appear bg-scrim" />
        <Primitive.Content
          ref={content}
          data-modal=""
          {...(!description && { "aria-describedby": undefined })}
          onOpenAutoFocus={(event) => {
            const first = content.current?.querySelector<HTMLElement>("[data-autofocus]");
            if (!first) return;
            event.preventDefault();
            first.focus();
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
          {children}
          {actions && <div className="mt-4 flex flex-wrap justify-end gap-2">{actions}</div>}
        </Primitive.Content>
      </Primitive.Portal>
    </Primitive.Root>
  );
}
