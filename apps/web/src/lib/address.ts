import { usePathname as pathname, useSearchParams as searchParams } from "next/navigation";

const nothing = new URLSearchParams();

// Next's types allow for null, which only pages outside of its app folder see: none of those asks.
export const usePathname = () => pathname() ?? "/";
export const useSearchParams = () => searchParams() ?? nothing;
