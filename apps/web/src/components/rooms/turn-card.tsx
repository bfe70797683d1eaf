"use client";

import { useTRPC } from "@fermata/api/react";
import type { IceServer } from "@fermata/contract";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { CircleCheck, CircleX, Copy, Stethoscope, TriangleAlert } from "lucide-react";
import { copyText } from "../../lib/copy-text";
import { formatCount, formatDuration } from "../../lib/format";
import { type RelayTest, testRelay } from "../../lib/test-relay";
import { toast } from "../../lib/toasts";
import { useIsOperator, useMe } from "../shell/me";
import { Button } from "../ui/button";
import { Facts } from "../ui/facts";
import { FailureNote } from "../ui/failure";
import { IconButton } from "../ui/icon-button";
import { Section } from "../ui/section";
import { StateLabel } from "../ui/state-label";
import { Time } from "../ui/time";

type Provider = "cloudflare" | "coturn" | "static" | "stun-only";

const providerNames: Record<Provider, string> = {
  cloudflare: "Cloudflare TURN",
  coturn: "Your coturn",
  static: "TURN with fixed credentials",
  "stun-only": "STUN only",
};

/** How media get through when two browsers find no direct path. */
export function TurnCard({ now }: { now: Date }) {
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const admin = useMe().role === "admin";
  const isOperator = useIsOperator();
  const usage = useQuery({
    ...trpc.signaling.turnUsage.queryOptions(),
    enabled: admin,
    refetchInterval: 30_000,
  });
  // Only when somebody asks: each answer may mint a credential.
  const test = useMutation({
    mutationFn: async () => {
      const config = await queryClient.fetchQuery({
        ...trpc.signaling.turnConfig.queryOptions({}),
        staleTime: 0,
      });
      return { config, result: await testRelay(config.iceServers) };
    },
    onSettled: () => queryClient.invalidateQueries(trpc.signaling.turnUsage.pathFilter()),
  });
  const configured = usage.data?.provider ?? test.data?.config.provider;

  return (
    <Section title="Relay">
      <Facts
        right
        className="[&>div:first-child]:border-t-0"
        facts={[
          configured ? ["Provider", <ProviderLabel key="provider" provider={configured} />] : null,
          usage.data ? ["Credentials today, UTC", formatCount(usage.data.mintedToday)] : null,
        ]}
      />
      {usage.error && <FailureNote error={usage.error} />}
      <p className="border-t pt-3 text-muted-foreground text-xs">
        {explain(configured, isOperator)}
      </p>
      <Button className="mt-3" onClick={() => test.mutate()} disabled={test.isPending}>
        <Stethoscope />
        {test.isPending ? "Testing…" : "Test the relay"}
      </Button>
      {test.error && <FailureNote error={test.error} />}
      {test.data && (
        <div role="status" className="mt-3.5">
          {test.data.config.provider !== configured && (
            <p className="mb-2 text-sm text-warning">
              The TURN provider did not answer, so these are STUN servers only. Calls still start;
              strict firewalls will block them.
            </p>
          )}
          <TestResult result={test.data.result} />
          <IceServers servers={test.data.config.iceServers} />
          <p className="mt-2 text-muted-foreground text-xs">
            {test.data.config.expiresAt ? (
              <>
                Your own credential, shown masked. It ends{" "}
                <Time at={test.data.config.expiresAt} now={now} relative />.
              </>
            ) : (
              "STUN needs no credential and does not expire."
            )}
          </p>
        </div>
      )}
    </Section>
  );
}

function explain(provider: Provider | undefined, isOperator: boolean): string {
  if (!provider) {
    return "Where a firewall blocks the direct path, only a TURN server gets media through. The test tells which servers your browser is given.";
  }
  return provider === "stun-only"
    ? `No TURN server is set: where a firewall blocks the direct path, calls will not connect. ${isOperator ? "Give createFermataServer one as ice" : "Set CLOUDFLARE_TURN_KEY_ID or COTURN_URLS"} to add one.`
    : "Where a firewall blocks the direct path, media go through the TURN server. That costs bandwidth, not privacy: they stay encrypted end to end.";
}

function ProviderLabel({ provider }: { provider: Provider }) {
  return provider === "stun-only" ? (
    <StateLabel tone="warn" icon={TriangleAlert}>
      {providerNames[provider]}
    </StateLabel>
  ) : (
    <StateLabel tone="ok" icon={CircleCheck}>
      {providerNames[provider]}
    </StateLabel>
  );
}

function TestResult({ result }: { result: RelayTest }) {
  if (result.outcome === "silent") {
    return (
      <StateLabel tone="bad" icon={CircleX}>
        {result.wanted === "relay"
          ? "No relay answered this browser"
          : "No STUN server answered this browser"}
      </StateLabel>
    );
  }
  return (
    <StateLabel tone="ok" icon={CircleCheck}>
      {result.outcome === "relay" ? "A relay" : "STUN"} answered in {formatDuration(result.tookMs)}
    </StateLabel>
  );
}

function IceServers({ servers }: { servers: IceServer[] }) {
  return (
    <ul aria-label="ICE servers" className="mt-2.5 rounded-md border bg-card text-xs">
      {servers.map((server) => {
        const urls = [server.urls].flat();
        return (
          <li key={urls.join()} className="border-t px-3 py-2 first:border-t-0">
            {urls.map((url) => (
              <code key={url} className="block break-all font-mono">
                {url}
              </code>
            ))}
            {server.username && (
              <code
                className="mt-1 block truncate font-mono text-muted-foreground"
                title={server.username}
              >
                {server.username}
              </code>
            )}
            {server.credential && <Credential value={server.credential} />}
          </li>
        );
      })}
    </ul>
  );
}

/** Masked: it opens the relay to whoever reads it over a shoulder. */
function Credential({ value }: { value: string }) {
  const copy = async () => {
    if (await copyText(value)) toast("Credential copied");
  };
  return (
    <span className="flex items-center gap-1">
      <span aria-hidden="true" className="text-muted-foreground tracking-widest">
        ••••••••••
      </span>
      <span className="sr-only">Credential hidden</span>
      <IconButton label="Copy the credential" onClick={copy} className="ml-auto">
        <Copy />
      </IconButton>
    </span>
  );
}
