import { createPagePolicy } from "@fermata/server/hosts/page-policy";
import type { NextRequest } from "next/server";
import { isHostedAhead } from "./api-slot";
import { connectionOf } from "./connection-header";
import { processEnv, readHostingEnv } from "./env";
import { trustOf } from "./trust";

type PagePolicy = ReturnType<typeof createPagePolicy>;
let policy: PagePolicy | undefined;

/** What refuses a page before it is made, where no server of ours asked already. */
export function refusePage(request: NextRequest): Response | null {
  if (isHostedAhead()) return null;
  policy ??= open();
  return policy(request, connectionOf(request));
}

function open(): PagePolicy {
  const env = readHostingEnv(processEnv());
  return createPagePolicy({
    publicOrigin: env.FERMATA_PUBLIC_URL ?? null,
    filesOrigin: env.FERMATA_FILES_ORIGIN ?? null,
    trust: trustOf(env),
    overrides: env.FERMATA_RATE_LIMITS,
  });
}
