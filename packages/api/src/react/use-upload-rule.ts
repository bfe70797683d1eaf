import { useQuery } from "@tanstack/react-query";
import type { FilesUploadRulesOutput } from "../procedures";
import { useFermata } from "./fermata-provider";

export type UploadRuleLimits = FilesUploadRulesOutput["rules"][number];

/** What a rule of the server's takes; null until it is known. The server holds it in any case. */
export function useUploadRule(name: string | undefined): UploadRuleLimits | null {
  const { trpc } = useFermata();
  const { data } = useQuery({
    // tRPC's own, so that whoever asks by `useTRPC` shares the answer.
    queryKey: [["files", "uploadRules"], { type: "query" }],
    queryFn: ({ signal }) => trpc.files.uploadRules.query(undefined, { signal }),
    enabled: name !== undefined,
    staleTime: Number.POSITIVE_INFINITY,
    retry: false,
  });
  return data?.rules.find((rule) => rule.name === name) ?? null;
}
