"use client";

import { Ellipsis, Search } from "lucide-react";
import { usePathname } from "../../lib/address";
import { cn } from "../../lib/cn";
import { isCurrent, tabsFor } from "../../lib/navigation";
import { useGo } from "../../lib/unsaved";
import { Brand } from "../ui/brand";
import { IconButton } from "../ui/icon-button";
import { Menu, MenuItem } from "../ui/menu";
import { PageLink } from "../ui/page-link";
import { useReader } from "./me";
import { UserMenu } from "./user-menu";

export function TopBar({ openPalette }: { openPalette(): void }) {
  return (
    <header className="flex h-[52px] flex-none items-center gap-1 border-b bg-background pr-2 pl-4 md:hidden">
      <Brand className="mr-auto" />
      <IconButton label="Search" onClick={openPalette} className="size-11 max-md:size-11">
        <Search className="size-5!" />
      </IconButton>
      <UserMenu side="bottom" asAvatar />
    </header>
  );
}

const tab =
  "relative grid h-16 w-full content-center justify-items-center gap-[3px] text-2xs text-muted-foreground";
const currentTab =
  "font-semibold text-primary before:absolute before:-top-[3px] before:size-[5px] before:rounded-full before:bg-primary";

export function BottomTabs() {
  const pathname = usePathname();
  const go = useGo();
  const { tabs, more } = tabsFor(useReader());
  const isInMore = more.some(({ href }) => isCurrent(pathname, href));
  return (
    <nav
      aria-label="Main"
      className="grid flex-none auto-cols-fr grid-flow-col border-t bg-sidebar pb-[env(safe-area-inset-bottom)] md:hidden"
    >
      {tabs.map(({ href, label, icon: Icon }) => {
        const current = isCurrent(pathname, href);
        return (
          <PageLink
            key={href}
            href={href}
            aria-current={current ? "page" : undefined}
            className={cn(tab, current && currentTab)}
          >
            <Icon aria-hidden="true" className="size-5" />
            {label}
          </PageLink>
        );
      })}
      {more.length > 0 && (
        <Menu
          side="top"
          trigger={
            <button type="button" className={cn(tab, isInMore && currentTab)}>
              <Ellipsis aria-hidden="true" className="size-5" />
              More
            </button>
          }
        >
          {more.map(({ href, label, icon }) => (
            <MenuItem key={href} icon={icon} onSelect={() => go(href)}>
              {label}
            </MenuItem>
          ))}
        </Menu>
      )}
    </nav>
  );
}
