"use client";

import { WifiOff } from "lucide-react";
import { useOnline } from "../../lib/use-online";

/** Above the page while this device has no network. */
export function OfflineBar() {
  const online = useOnline();
  return (
    <div role="status">
      {!online && (
        <p className="flex items-center gap-2 border-b bg-secondary px-10 py-2 text-secondary-foreground text-sm max-md:px-4">
          <WifiOff className="size-4" aria-hidden="true" />
          You are offline. What you see may be old. Uploads wait, and all renews itself when the
          connection is back.
        </p>
      )}
    </div>
  );
}
