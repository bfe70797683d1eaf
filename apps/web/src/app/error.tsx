"use client";

import { Failure } from "../components/ui/failure";

/** What a page of ours threw while it was drawn. */
export default function PageError({ error, reset }: { error: Error; reset(): void }) {
  return (
    <main className="grid min-h-dvh place-items-center p-4">
      <Failure error={error} retry={reset} className="w-full max-w-[460px]" />
    </main>
  );
}
