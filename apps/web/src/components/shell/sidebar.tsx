"use client";

import { CircleX, Search } from "lucide-react";
import { Fragment, type ReactNode } from "react";
import { usePathname } from "../../lib/address";
import { cn } from "../../lib/cn";
import { formatCount, plural } from "../../lib/format";
import { type Destination, destinationsFor, isCurrent, settingsFor } from "../../lib/navigation";
import { Avatar } from "../ui/avatar";
import { Brand } from "../ui/brand";
import { Kbd } from "../ui/kbd";
import { ModifierKey } from "../ui/modifier-key";
import { PageLink } from "../ui/page-link";
import { useMe, useReader } from "./me";
import { StorageMeter } from "./storage-meter";
import { useSummary } from "./use-summary";
import { useUsage } from "./use-usage";
import { UserMenu } from "./user-menu";

export function Sidebar({ openPalette }: { openPalette(): void }) {
  const me = useMe();
  const reader = useReader();
  const summary = useSummary();
  const failing = summary.data?.failingJobs.length ?? 0;
  const usage = useUsage();
  const counts: Record<string, ReactNode> = {
    // An operator's own are none.
    "/files": !reader.isOperator && usage.files && formatCount(usage.files.count),
    "/media": !reader.isOperator && usage.media && formatCount(usage.media.count),
    "/crons": failing > 0 && (
      <span
        title={`${plural(failing, "job")} failing`}
        className="inline-flex items-center gap-1 font-[550] text-destructive"
      >
        <CircleX className="size-3.5" aria-hidden="true" />
        {failing}
        <span className="sr-only">failing</span>
      </span>
    ),
    "/rooms": summary.data && formatCount(summary.data.liveRooms),
  };
  return (
    <aside
      aria-label="Sidebar"
      className="scroll-quiet flex min-h-0 flex-col overflow-y-auto border-r bg-sidebar px-3.5 pt-[22px] pb-3.5 text-sidebar-foreground max-md:hidden"
    >
      <Brand className="mx-2" />
      <button
        type="button"
        onClick={openPalette}
        className="mt-4 flex h-[34px] flex-none items-center gap-2 rounded-md px-2 text-left text-muted-foreground text-sm hover:bg-sidebar-accent"
      >
        <Search className="size-4" aria-hidden="true" />
        <span className="flex-1">Search</span>
        <Kbd>
          <ModifierKey />K
        </Kbd>
      </button>
      <nav aria-label="Main" className="mt-2 grid gap-px">
        {destinationsFor(reader).map((page) => (
          <NavLink key={page.href} page={page} end={counts[page.href]} />
        ))}
        {settingsFor(reader).map((page) => (
          <Fragment key={page.href}>
            <div className="mx-2 my-2.5 h-px bg-border" />
            <NavLink page={page} />
          </Fragment>
        ))}
      </nav>
      <div className="mt-auto pt-6">
        {!reader.isOperator && <StorageMeter />}
        <div className="flex items-center gap-2.5 border-t px-2 pt-3">
          <Avatar name={me.name ?? me.email} url={me.avatarUrl} />
          <div className="min-w-0 flex-1">
            <div className="truncate font-medium text-foreground text-sm">
              {me.name ?? me.email}
            </div>
            <div className="text-muted-foreground text-xs">
              {reader.isOperator ? "Of this app’s data" : me.role === "admin" ? "Admin" : "Member"}
            </div>
          </div>
          <UserMenu side="top" />
        </div>
      </div>
    </aside>
  );
}

function NavLink({ page, end }: { page: Destination; end?: ReactNode }) {
  const current = isCurrent(usePathname(), page.href);
  const Icon = page.icon;
  return (
    <PageLink
      href={page.href}
      aria-current={current ? "page" : undefined}
      className={cn(
        "relative flex h-[34px] items-center gap-2.5 rounded-md pr-2.5 pl-2 font-book text-sm hover:bg-sidebar-accent",
        current &&
          "bg-sidebar-accent font-[550] text-sidebar-accent-foreground before:absolute before:top-3.5 before:-left-2 before:size-1.5 before:rounded-full before:bg-primary",
      )}
    >
      <Icon
        aria-hidden="true"
        className={cn("size-4", current ? "text-primary" : "text-muted-foreground")}
      />
      {page.label}
      {end && (
        <span className="ml-auto font-book text-muted-foreground text-xs tabular-nums">{end}</span>
      )}
    </PageLink>
  );
}
