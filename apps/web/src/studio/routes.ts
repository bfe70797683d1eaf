import type { AppRouter } from "@fermata/api";
import type { TRPCRouterRecord } from "@trpc/server";
import { auditRouter } from "./audit/router";
import { authRouter } from "./auth/router";
import { instrumentsRouter } from "./instruments/router";
import { overviewRouter } from "./overview/router";
import { profileRouter } from "./profile/router";
import { settingsRouter } from "./settings/router";

/** Every procedure of the studio's own. */
export const routes = {
  auth: authRouter,
  audit: auditRouter,
  profile: profileRouter,
  settings: settingsRouter,
  overview: overviewRouter,
  instruments: instrumentsRouter,
} satisfies TRPCRouterRecord;

type Published = Pick<AppRouter["_def"]["record"], keyof typeof routes>;

/** What a procedure is, takes and gives; how its failures look is no part of it. */
type Call<Procedure> = Procedure extends {
  _def: { type: infer Type; $types: { input: infer Input; output: infer Output } };
}
  ? { type: Type; input: Input; output: Output }
  : never;

type Same<A, B> =
  (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;

/** The procedures that the one has and the other has not, or otherwise. */
type Differing<A, B> = {
  [Feature in keyof A & string]: {
    [Name in keyof A[Feature] & string]: Feature extends keyof B
      ? Name extends keyof B[Feature]
        ? Same<Call<A[Feature][Name]>, Call<B[Feature][Name]>> extends true
          ? never
          : `${Feature}.${Name}`
        : `${Feature}.${Name}`
      : never;
  }[keyof A[Feature] & string];
}[keyof A & string];

type None<Names extends never, Kept> = [Names, Kept][1];

/**
 * Clients are typed by the contract: where a procedure is not as they are told, this does not compile, and names it.
 * `vitest --update=all` prints the client's types from the contract.
 */
export type StudioRoutes = None<
  Differing<typeof routes, Published> | Differing<Published, typeof routes>,
  typeof routes
>;
