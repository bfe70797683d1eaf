import { Command } from "cmdk";
import type { LucideIcon } from "lucide-react";
import type { ReactNode } from "react";

export function Group({ heading, children }: { heading: string; children: ReactNode }) {
  return (
    <Command.Group
      heading={heading}
      className="[&_[cmdk-group-heading]]:px-4 [&_[cmdk-group-heading]]:pt-3 [&_[cmdk-group-heading]]:pb-1 [&_[cmdk-group-heading]]:text-muted-foreground [&_[cmdk-group-heading]]:text-xs"
    >
      {children}
    </Command.Group>
  );
}

interface ItemProps {
  icon: LucideIcon;
  /** Tells apart what has the same name. */
  value?: string;
  /** What is searched instead of the value: a name, and what kind of thing has it. */
  keywords?: string[];
  end?: ReactNode;
  onSelect(): void;
  children: ReactNode;
}

export function Item({ icon: Icon, value, keywords, end, onSelect, children }: ItemProps) {
  return (
    <Command.Item
      value={value}
      {...(keywords && { keywords })}
      onSelect={onSelect}
      className="mx-1.5 flex h-[38px] cursor-default select-none items-center gap-3 rounded-md px-2.5 text-sm data-[selected=true]:bg-accent data-[selected=true]:text-accent-foreground pointer-coarse:h-11 [&[data-selected=true]>.lucide]:text-current"
    >
      <Icon aria-hidden="true" className="size-4 text-muted-foreground" />
      <span className="min-w-0 flex-1 truncate">{children}</span>
      {end && <span className="whitespace-nowrap text-muted-foreground text-xs">{end}</span>}
    </Command.Item>
  );
}
