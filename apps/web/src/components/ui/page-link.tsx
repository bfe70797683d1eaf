"use client";

import Link from "next/link";
import { useRouter } from "next/navigation";
import { type ComponentProps, useRef } from "react";

type PageLinkProps = Omit<ComponentProps<typeof Link>, "href" | "prefetch"> & { href: string };

/**
 * A link to a page of the console. The page is fetched ahead once, when the pointer or the focus comes to the link: by
 * itself Next fetches every link that is in sight, in two requests each, beside what the page on show waits for.
 */
export function PageLink({ href, onPointerEnter, onFocus, ...props }: PageLinkProps) {
  const router = useRouter();
  const fetched = useRef("");
  const fetchAhead = () => {
    if (fetched.current === href) return;
    fetched.current = href;
    router.prefetch(href);
  };
  return (
    <Link
      {...props}
      href={href}
      prefetch={false}
      onPointerEnter={(event) => {
        onPointerEnter?.(event);
        fetchAhead();
      }}
      onFocus={(event) => {
        onFocus?.(event);
        fetchAhead();
      }}
    />
  );
}
