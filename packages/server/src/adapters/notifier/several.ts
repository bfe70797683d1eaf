import type { Notifier } from "../../ports/notifier";

/** Tells all of them. @returns null for none @throws what the first of those that failed threw, once each was tried */
export function severalNotifiers(notifiers: readonly Notifier[]): Notifier | null {
  const [first, ...others] = notifiers;
  if (!first) return null;
  if (others.length === 0) return first;
  return {
    name: notifiers.map(({ name }) => name).join(", "),
    async notify(message) {
      const told = await Promise.allSettled(notifiers.map((one) => one.notify(message)));
      for (const one of told) if (one.status === "rejected") throw one.reason;
    },
  };
}
