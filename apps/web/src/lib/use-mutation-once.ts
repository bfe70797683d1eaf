import { type DefaultError, type UseMutationOptions, useMutation } from "@tanstack/react-query";
import { useLayoutEffect, useRef } from "react";

/**
 * A mutation that two presses start once. `isPending` reaches the button in a later task, and
 * clicks that are queued meanwhile come first: they are dropped, until a render shows it ended.
 */
export function useMutationOnce<Data, Failure = DefaultError, Variables = void, Context = unknown>(
  options: UseMutationOptions<Data, Failure, Variables, Context>,
) {
  const mutation = useMutation(options);
  const isHeld = useRef(false);
  useLayoutEffect(() => {
    isHeld.current = mutation.isPending;
  });
  const mutate = (variables: Variables) => {
    if (isHeld.current) return;
    isHeld.current = true;
    mutation.mutate(variables);
  };
  return { ...mutation, mutate };
}
