"use client";

import { useTRPC } from "@fermata/api/react";
import type { User } from "@fermata/contract";
import { useQuery } from "@tanstack/react-query";
import { useRouter } from "next/navigation";
import { type ReactNode, useContext, useEffect } from "react";
import { usePathname } from "../../lib/address";
import { useIsInBrowser } from "../../lib/use-is-in-browser";
import { MadeForContext } from "../../lib/use-made-for";
import { Brand } from "../ui/brand";
import { Failure } from "../ui/failure";
import { Bone, Loading } from "../ui/skeleton";
import { MeContext, operator } from "./me";

interface SessionGateProps {
  /** Who it was when the page was made, where that is known. */
  known: { user: User } | undefined;
  children: ReactNode;
}

/** Asks who this is; sends whoever is not signed in to the sign-in page. It hides nothing: the API authorises each call. */
export function SessionGate({ known, children }: SessionGateProps) {
  const trpc = useTRPC();
  const router = useRouter();
  const pathname = usePathname();
  const me = useQuery({
    ...trpc.auth.me.queryOptions(),
    staleTime: 60_000,
    ...(known && { initialData: known }),
  });
  const anonymous = me.data === null;
  // Whoever did not tell their zone yet is shown the console once the browser knows it.
  const isMadeForReader = useContext(MadeForContext) !== null;
  const isInBrowser = useIsInBrowser();

  useEffect(() => {
    if (!anonymous) return;
    const here = pathname + window.location.search;
    router.replace(here === "/" ? "/sign-in" : `/sign-in?next=${encodeURIComponent(here)}`);
  }, [anonymous, pathname, router]);

  if (me.data && (isMadeForReader || isInBrowser))
    return <MeContext value={me.data.user}>{children}</MeContext>;
  if (me.isError && !me.data) {
    return (
      <main className="grid min-h-dvh place-items-center p-4">
        <Failure
          error={me.error}
          retry={() => void me.refetch()}
          retrying={me.isFetching}
          className="w-full max-w-[460px]"
        />
      </main>
    );
  }
  return (
    <Loading label="Loading the console">
      <div className="grid h-dvh md:grid-cols-[14.5rem_1fr]">
        <div className="border-r bg-sidebar px-[22px] py-[22px] max-md:hidden">
          <Brand />
        </div>
        <TitleBones />
      </div>
    </Loading>
  );
}

/** The link that led here said enough; no table knows who came. */
export function OperatorGate({ children }: { children: ReactNode }) {
  return useIsInBrowser() && <MeContext value={operator}>{children}</MeContext>;
}

/** Makes what is inside in the browser alone. Until then its place shows that something comes. */
export function InBrowser({ children }: { children: ReactNode }) {
  if (useIsInBrowser()) return children;
  return (
    <Loading label="Loading the page">
      <TitleBones />
    </Loading>
  );
}

function TitleBones() {
  return (
    <div className="px-10 pt-[42px] max-md:px-4">
      <Bone className="h-6 w-40" />
      <Bone className="mt-4 w-64 max-w-full" />
    </div>
  );
}
