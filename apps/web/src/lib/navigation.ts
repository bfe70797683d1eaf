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
  /** Of the studio's own tables, which no other app has. */
  studioOnly?: boolean;
}

const settingsPage: Destination = {
  href: "/settings",
  label: "Settings",
  icon: Settings2,
  key: "s",
  studioOnly: true,
};

/** The pages in the order of the sidebar and of the phone's tabs. */
const pages: Destination[] = [
  { href: "/", label: "Overview", icon: Gauge, key: "o", studioOnly: true },
  { href: "/files", label: "Files", icon: Files, key: "f" },
  { href: "/media", label: "Media", icon: Clapperboard, key: "m" },
  { href: "/instruments", label: "Instruments", icon: Piano, key: "i", studioOnly: true },
  { href: "/crons", label: "Crons", icon: Clock, key: "c", adminOnly: true },
  { href: "/rooms", label: "Rooms", icon: Radio, key: "r" },
  { href: "/audit", label: "Audit", icon: ScrollText, key: "a", adminOnly: true, studioOnly: true },
  { href: "/health", label: "Health", icon: HeartPulse, key: "h", adminOnly: true },
];

/** Who looks, and at what. */
export interface Reader {
  role: "admin" | "member";
  /** At an app's own data, as its operator. */
  isOperator: boolean;
}

/** What they may open. */
export function destinationsFor(reader: Reader): Destination[] {
  return pages.filter((page) => mayOpen(page, reader));
}

/** Which stand apart from the others. */
export function settingsFor(reader: Reader): Destination[] {
  return [settingsPage].filter((page) => mayOpen(page, reader));
}

function mayOpen({ adminOnly, studioOnly }: Destination, { role, isOperator }: Reader): boolean {
  return (!adminOnly || role === "admin") && !(studioOnly && isOperator);
}

const mostTabs = 5;

/** Those of them that a phone's tabs have room for, and what stands behind "More". */
export function tabsFor(reader: Reader): { tabs: Destination[]; more: Destination[] } {
  const all = destinationsFor(reader);
  const shown = all.length > mostTabs ? mostTabs - 1 : all.length;
  return { tabs: all.slice(0, shown), more: all.slice(shown) };
}

export function isCurrent(pathname: string, href: string): boolean {
  return href === "/" ? pathname === "/" : pathname === href || pathname.startsWith(`${href}/`);
}
