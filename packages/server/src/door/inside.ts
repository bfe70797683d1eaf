import type { Services } from "../context";

const known = new WeakMap<object, Services>();

/** Remembers what a server stands on, for the helpers of tests. */
export function rememberInside(fermata: object, services: Services): void {
  known.set(fermata, services);
}

/** @throws Error for what createFermataServer did not make */
export function insideOf(fermata: object): Services {
  const services = known.get(fermata);
  if (services) return services;
  throw new Error("This is no server that createFermataServer of this @fermata/server made.");
}
