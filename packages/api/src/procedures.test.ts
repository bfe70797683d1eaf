import type { LibraryRouter } from "@fermata/server/api-types";
import type { inferRouterInputs, inferRouterOutputs } from "@trpc/server";
import { expect, test } from "vitest";
import type { AppRouter } from "./procedures";

type Same<A, B> =
  (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;

/** The procedures of the one whose types are not those of the other. */
type Differing<A, B> = {
  [Feature in keyof A & keyof B & string]: {
    [Name in keyof A[Feature] & keyof B[Feature] & string]: Same<
      A[Feature][Name],
      B[Feature][Name]
    > extends true
      ? never
      : `${Feature}.${Name}`;
  }[keyof A[Feature] & keyof B[Feature] & string];
}[keyof A & keyof B & string];

type Paths<A> = {
  [Feature in keyof A & string]: `${Feature}.${keyof A[Feature] & string}`;
}[keyof A & string];

// What an app has beside the library it compares itself.
type LibraryInputs = inferRouterInputs<LibraryRouter>;
type LibraryOutputs = inferRouterOutputs<LibraryRouter>;
type Inputs = Pick<inferRouterInputs<AppRouter>, keyof LibraryInputs>;
type Outputs = Pick<inferRouterOutputs<AppRouter>, keyof LibraryOutputs>;

// Compiles only while the printed types are the server's own.
const inputsDiffer: Differing<Inputs, LibraryInputs>[] = [] satisfies never[];
const outputsDiffer: Differing<Outputs, LibraryOutputs>[] = [] satisfies never[];
const noneIsAmiss: Same<Paths<Inputs>, Paths<LibraryInputs>> = true;
const noInputDiffers: Same<Differing<Inputs, LibraryInputs>, never> = true;
const noOutputDiffers: Same<Differing<Outputs, LibraryOutputs>, never> = true;

test("the printed types are the server's own, as the compiler has found", () => {
  expect([inputsDiffer, outputsDiffer]).toEqual([[], []]);
  expect([noneIsAmiss, noInputDiffers, noOutputDiffers]).toEqual([true, true, true]);
});
