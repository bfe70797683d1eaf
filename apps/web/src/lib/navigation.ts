import {
  Clapperboard,
  Clock,
  Files,
  Gauge,
  HeartPulse,
  type LucideIcon,
  Piano,
  Radio,
  ScrollText,
  Settings2,
} from "lucide-react";

export interface Destination {
  href: string;
  label: string;
  icon: LucideIcon;
  /** After `G`. */
  key: string;
  adminOnly?: boolean;
}

export const settingsPage: Destination = {
  href: "/settings",
  label: "Settings",
  icon: Settings2,
  key: "s",
};

/** The pages in the order of the sidebar and of the phone's tabs. */
const pages: Destination[] = [
  { href: "/", label: "Overview", icon: Gauge, key: "o" },
  { href: "/files", label: "Files", icon: Files, key: "f" },
  { href: "/media", label: "Media", icon: Clapperboard, key: "m" },
  { href: "/instruments", label: "Instruments", icon: Piano, key: "i" },
  { href: "/crons", label: "Crons", icon: Clock, key: "c", adminOnly: true },
  { href: "/rooms", label: "Rooms", icon: Radio, key: "r" },
  { href: "/audit", label: "Audit", icon: ScrollText, key: "a", adminOnly: true },
  { href: "/health", label: "Health", icon: HeartPulse, key: "h", adminOnly: true },
];

/** What somebody of this role may open. */
export function destinationsFor(role: "admin" | "member"): Destination[] {
  return pages.filter(({ adminOnly }) => !adminOnly || role === "admin");
}

const mostTabs = 5;

/** Those of them that a phone's tabs have room for, and what stands behind "More". */
export function tabsFor(role: "admin" | "member"): { tabs: Destination[]; more: Destination[] } {
  const all = destinationsFor(role);
  const shown = all.length > mostTabs ? mostTabs - 1 : all.length;
  return { tabs: all.slice(0, shown), more: all.slice(shown) };
}

export function isCurrent(pathname: string, href: string): boolean {
  return href === "/" ? pathname === "/" : pathname === href || pathname.startsWith(`${href}/`);
}
