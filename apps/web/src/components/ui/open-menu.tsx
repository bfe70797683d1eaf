import { Check, type LucideIcon } from "lucide-react";
import { DropdownMenu as Primitive } from "radix-ui";
import { type ReactNode, useLayoutEffect, useRef } from "react";
import { cn } from "../../lib/cn";

const itemClass =
  "flex h-8 cursor-default select-none items-center gap-2.5 rounded-md px-2 text-sm outline-none data-highlighted:bg-accent data-highlighted:text-accent-foreground pointer-coarse:h-11 [&>.lucide]:size-4 [&>.lucide]:text-muted-foreground";

export interface MenuProps {
  /** A button. */
  trigger: ReactNode;
  children: ReactNode;
  side?: "top" | "bottom";
}

interface OpenMenuProps extends MenuProps {
  /** Whether somebody asked for it before it was here. */
  isOpen: boolean;
  /** Whether the button that it takes the place of had the focus. */
  hadFocus: boolean;
}

/** What `Menu` becomes as soon as somebody is near it. */
export function OpenMenu({ trigger, children, side = "bottom", isOpen, hadFocus }: OpenMenuProps) {
  const button = useRef<HTMLButtonElement>(null);
  useLayoutEffect(() => {
    if (hadFocus) button.current?.focus();
  }, [hadFocus]);
  return (
    <Primitive.Root defaultOpen={isOpen}>
      <Primitive.Trigger ref={button} asChild>
        {trigger}
      </Primitive.Trigger>
      <Primitive.Portal>
        <Primitive.Content
          side={side}
          align="end"
          sideOffset={6}
          collisionPadding={8}
          className="z-50 max-h-(--radix-dropdown-menu-content-available-height) min-w-[204px] animate-appear overflow-y-auto rounded-lg border border-border-strong bg-popover p-1.5 text-popover-foreground shadow-overlay"
        >
          {children}
        </Primitive.Content>
      </Primitive.Portal>
    </Primitive.Root>
  );
}

export interface MenuItemProps {
  icon: LucideIcon;
  children: ReactNode;
  onSelect(): void;
  destructive?: boolean;
}

export function MenuItem({ icon: Icon, children, onSelect, destructive = false }: MenuItemProps) {
  return (
    <Primitive.Item
      onSelect={onSelect}
      className={cn(itemClass, destructive && "text-destructive [&>.lucide]:text-current")}
    >
      <Icon aria-hidden="true" />
      {children}
    </Primitive.Item>
  );
}

export interface MenuChoiceProps<T extends string> {
  label: string;
  value: T;
  onChange(value: T): void;
  options: readonly (readonly [value: T, text: string, icon: LucideIcon])[];
  /** Whether the menu stays, so that one can try another. */
  stays?: boolean;
}

/** One of a few, with a tick. */
export function MenuChoice<T extends string>(props: MenuChoiceProps<T>) {
  const { label, value, onChange, options, stays = false } = props;
  return (
    <Primitive.RadioGroup value={value} onValueChange={(next) => onChange(next as T)}>
      <Primitive.Label className="px-2 pt-1.5 pb-1 text-muted-foreground text-xs">
        {label}
      </Primitive.Label>
      {options.map(([option, text, Icon]) => (
        <Primitive.RadioItem
          key={option}
          value={option}
          className={itemClass}
          onSelect={(event) => stays && event.preventDefault()}
        >
          <Icon aria-hidden="true" />
          {text}
          <Primitive.ItemIndicator className="ml-auto">
            <Check aria-hidden="true" className="size-4 text-primary" />
          </Primitive.ItemIndicator>
        </Primitive.RadioItem>
      ))}
    </Primitive.RadioGroup>
  );
}

export function MenuSeparator() {
  return <Primitive.Separator className="my-1.5 h-px bg-border" />;
}
