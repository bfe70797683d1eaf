"use client";

import { useTRPC } from "@fermata/api/react";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { toast } from "../../lib/toasts";
import { Failure, FailureNote } from "../ui/failure";
import { Section } from "../ui/section";

const policies = [
  ["invitation", "By invitation", "Only people whom an admin invited."],
  ["open", "Open", "Anybody who finds the sign-in page becomes a member."],
] as const;

export function SignUpPolicy() {
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const settings = useQuery(trpc.settings.get.queryOptions());
  const update = useMutation(
    trpc.settings.update.mutationOptions({
      onSuccess: ({ signUp }) => {
        const former = settings.data?.signUp;
        toast(
          signUp === "open" ? "Sign-up is open" : "Sign-up is by invitation",
          former && former !== signUp ? () => update.mutate({ signUp: former }) : undefined,
        );
        return queryClient.invalidateQueries(trpc.settings.pathFilter());
      },
    }),
  );
  const chosen = update.isPending ? update.variables.signUp : settings.data?.signUp;
  return (
    <Section title="Sign-up">
      {settings.isLoadingError && (
        <Failure
          className="mt-4"
          error={settings.error}
          retry={() => void settings.refetch()}
          retrying={settings.isFetching}
        />
      )}
      {settings.data && (
        <fieldset aria-label="Who may sign up">
          {policies.map(([policy, title, text]) => (
            <label
              key={policy}
              className="flex items-start gap-2.5 border-b py-2.5 text-sm pointer-coarse:min-h-11"
            >
              <input
                type="radio"
                name="sign-up"
                checked={chosen === policy}
                onChange={() => update.mutate({ signUp: policy })}
                className="mt-0.5 size-4 accent-primary"
              />
              <span>
                <span className="block font-medium">{title}</span>
                <span className="block text-muted-foreground text-xs">{text}</span>
              </span>
            </label>
          ))}
        </fieldset>
      )}
      {update.error && <FailureNote error={update.error} />}
    </Section>
  );
}
