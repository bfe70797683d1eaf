"use client";

import { useTRPC } from "@fermata/api/react";
import { useQuery } from "@tanstack/react-query";
import { CircleCheck, type LucideIcon, TriangleAlert } from "lucide-react";
import type { ReactNode } from "react";
import { Failure } from "../ui/failure";
import { PageLink } from "../ui/page-link";
import { Section } from "../ui/section";
import { Bone, Loading } from "../ui/skeleton";

const storeNames: Record<string, string> = {
  disk: "Files on this server’s disk, behind signed links.",
  s3: "An S3 bucket of yours, behind signed links.",
};
const iceNames = {
  cloudflare: "TURN by Cloudflare.",
  coturn: "TURN by your own coturn.",
  static: "TURN with fixed credentials.",
  "stun-only": "STUN only. Calls between two strict firewalls will not connect.",
};

interface Part {
  name: string;
  text: ReactNode;
  /** Works, but not for everybody. */
  look?: boolean;
  /** What changes it. */
  variables: string;
}

/** What this installation stands on. It is set by the environment, so it is shown and not edited. */
export function Installation() {
  const trpc = useTRPC();
  const { data, isPending, isLoadingError, isFetching, error, refetch } = useQuery(
    trpc.settings.get.queryOptions(),
  );
  const parts: Part[] = data
    ? [
        {
          name: "Database",
          text: data.database === "embedded" ? "Embedded PostgreSQL." : "A PostgreSQL of yours.",
          variables: "DATABASE_URL",
        },
        {
          name: "Object store",
          text: storeNames[data.objectStore] ?? data.objectStore,
          variables: "S3_*",
        },
        {
          name: "Relay",
          text: iceNames[data.iceProvider],
          look: data.iceProvider === "stun-only",
          variables: "CLOUDFLARE_TURN_*, COTURN_*",
        },
        {
          name: "Cron engine",
          text: data.cronEngine === "embedded" ? "The embedded runner." : "Inngest.",
          variables: "INNGEST_*",
        },
        {
          name: "Allowed origins",
          text:
            data.allowedOrigins.length > 0
              ? data.allowedOrigins.join(", ")
              : "None besides this one. Frontends elsewhere are refused.",
          variables: "FERMATA_ALLOWED_ORIGINS",
        },
        {
          name: "Sign-in",
          text: ["Email and password", ...data.signInProviders.map(providerName)].join(", "),
          variables: "GITHUB_*, GOOGLE_*",
        },
      ]
    : [];
  return (
    <Section title="Installation" aside="set by the environment">
      {isPending && (
        <Loading label="Loading the installation">
          <Bone className="mt-4 w-64" />
        </Loading>
      )}
      {isLoadingError && (
        <Failure
          className="mt-4"
          error={error}
          retry={() => void refetch()}
          retrying={isFetching}
        />
      )}
      <dl>
        {parts.map((part) => (
          <PartLine key={part.name} {...part} />
        ))}
      </dl>
      {data && (
        <p className="pt-3 text-muted-foreground text-xs">
          <span className="mono">npm run doctor</span> in the server’s folder tests each of these
          and says what to do. How they fare just now stands under{" "}
          <PageLink href="/health" className="link">
            Health
          </PageLink>
          .
        </p>
      )}
    </Section>
  );
}

function PartLine({ name, text, look = false, variables }: Part) {
  const Icon: LucideIcon = look ? TriangleAlert : CircleCheck;
  return (
    <div className="grid grid-cols-[18px_160px_minmax(0,1fr)_auto] items-start gap-3 border-b py-2.5 text-sm max-md:grid-cols-[18px_minmax(0,1fr)] max-md:gap-y-0.5">
      <Icon
        aria-hidden="true"
        className={look ? "mt-0.5 size-4 text-warning" : "mt-0.5 size-4 text-success"}
      />
      <dt className="font-medium">{name}</dt>
      <dd className="min-w-0 break-words max-md:col-start-2">{text}</dd>
      <dd className="mono text-muted-foreground text-xs max-md:col-start-2">{variables}</dd>
    </div>
  );
}

function providerName(provider: string): string {
  return { github: "GitHub", google: "Google" }[provider] ?? provider;
}
