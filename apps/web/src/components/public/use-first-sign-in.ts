"use client";

import { useQueryClient } from "@tanstack/react-query";
import { useRouter } from "next/navigation";
import { signIn } from "../../lib/sign-in";
import { useMutationOnce } from "../../lib/use-mutation-once";

interface NewAccount {
  email: string;
  password: string;
  create(): Promise<unknown>;
  /** Whether there may have been an account before, which signing up tells nobody. */
  mayExist: boolean;
  /** The path to go to once in. */
  next: string;
}

/** Creates an account and comes in with it. Where only the way in fails, the sign-in page offers it again. */
export function useFirstSignIn() {
  const router = useRouter();
  const queryClient = useQueryClient();
  return useMutationOnce({
    mutationFn: async ({ email, password, create, mayExist, next }: NewAccount) => {
      await create();
      const again = new URLSearchParams({ welcome: mayExist ? "maybe" : "1", email, next });
      return signIn(email, password).then(
        () => next,
        () => `/sign-in?${again}`,
      );
    },
    onSuccess: (page) => {
      queryClient.clear();
      router.replace(page);
    },
  });
}
