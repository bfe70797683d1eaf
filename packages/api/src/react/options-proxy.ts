import type {
  DataTag,
  DefinedInitialDataOptions,
  QueryFunction,
  SkipToken,
  UndefinedInitialDataOptions,
  UnusedSkipTokenOptions,
} from "@tanstack/react-query";
import type { TRPCClientErrorLike } from "@trpc/client";
import type {
  DecorateMutationProcedure,
  DecorateProcedure,
  DecorateQueryProcedure,
  DecorateRouterKeyable,
  DefaultFeatureFlags,
  OptionalCursorInput,
  ResolverDef,
  TRPCMutationKey,
  TRPCMutationOptions,
  TRPCQueryBaseOptions,
  TRPCQueryKey,
  TRPCQueryOptionsResult,
} from "@trpc/tanstack-react-query";
import type { ErrorShape } from "../error-shape";
import type { PlainRouter } from "../procedures";

// tRPC's own proxy answers every call with all that TanStack Query can be told, and has the compiler try three signatures
// of which each is as large. Here a call without options is one small signature; what it does is the same.

type QueryKey = TRPCQueryKey<false>;
type FailedCall = TRPCClientErrorLike<{ transformer: true; errorShape: ErrorShape }>;

interface PlainOptions extends TRPCQueryOptionsResult {
  /** Never set: by this the hooks know what their `error` is. */
  retry?: (failureCount: number, error: FailedCall) => boolean;
}

interface PlainQueryOptions<Output> extends PlainOptions {
  queryKey: DataTag<QueryKey, Output, FailedCall>;
  queryFn: QueryFunction<Output, QueryKey>;
}

interface SkippableQueryOptions<Output> extends PlainOptions {
  queryKey: DataTag<QueryKey, Output, FailedCall>;
  queryFn: QueryFunction<Output, QueryKey> | SkipToken;
}

type Made = "queryKey" | "queryFn" | "queryHashFn" | "queryHash";
type Told<Options, Data> = Options &
  TRPCQueryOptionsResult & { queryKey: DataTag<QueryKey, Data, FailedCall> };

interface DefinedIn<Output, Data>
  extends Omit<DefinedInitialDataOptions<NoInfer<Output>, FailedCall, Data, QueryKey>, Made>,
    TRPCQueryBaseOptions {}
interface UnusedSkipIn<Output, Data>
  extends Omit<UnusedSkipTokenOptions<Output, FailedCall, Data, QueryKey>, Made>,
    TRPCQueryBaseOptions {}
interface UndefinedIn<Output, Data>
  extends Omit<UndefinedInitialDataOptions<Output, FailedCall, Data, QueryKey>, Made>,
    TRPCQueryBaseOptions {}

interface QueryOptionsOf<Input, Output> {
  (input: Input): PlainQueryOptions<Output>;
  (input: Input | SkipToken): SkippableQueryOptions<Output>;
  <Fetched extends Output, Data = Fetched>(
    input: Input | SkipToken,
    options: DefinedIn<Fetched, Data>,
  ): Told<DefinedInitialDataOptions<Fetched, FailedCall, Data, QueryKey>, Data>;
  <Fetched extends Output, Data = Fetched>(
    input: Input,
    options: UnusedSkipIn<Fetched, Data> | undefined,
  ): Told<UnusedSkipTokenOptions<Fetched, FailedCall, Data, QueryKey>, Data>;
  <Fetched extends Output, Data = Fetched>(
    input: Input | SkipToken,
    options: UndefinedIn<Fetched, Data> | undefined,
  ): Told<UndefinedInitialDataOptions<Fetched, FailedCall, Data, QueryKey>, Data>;
}

interface PlainMutationOptions<Input, Output> extends PlainOptions {
  mutationKey: TRPCMutationKey<false>;
  mutationFn(input: Input): Promise<Output>;
}

interface QueryProcedure<Definition extends ResolverDef>
  extends Omit<DecorateQueryProcedure<Definition>, "queryOptions"> {
  /** Options for `useQuery`, `useSuspenseQuery`, `prefetchQuery` and their like. */
  queryOptions: QueryOptionsOf<Definition["input"], Definition["output"]>;
}

interface MutationProcedure<Definition extends ResolverDef>
  extends Omit<DecorateMutationProcedure<Definition>, "mutationOptions"> {
  /** Options for `useMutation`. */
  mutationOptions: (() => PlainMutationOptions<Definition["input"], Definition["output"]>) &
    TRPCMutationOptions<Definition>;
}

interface DefinitionOf<Input, Output> {
  input: Input;
  output: Output;
  transformer: true;
  errorShape: ErrorShape;
  featureFlags: DefaultFeatureFlags;
}

type Infinite = "infiniteQueryOptions" | "infiniteQueryKey" | "infiniteQueryFilter";

type Procedure<Type, Definition extends ResolverDef> = Type extends "query"
  ? Definition["input"] extends OptionalCursorInput
    ? QueryProcedure<Definition> & Pick<DecorateProcedure<"query", Definition>, Infinite>
    : QueryProcedure<Definition>
  : Type extends "mutation"
    ? MutationProcedure<Definition>
    : Type extends "subscription"
      ? DecorateProcedure<"subscription", Definition>
      : never;

type Folder<Members> = {
  [Name in keyof Members]: Members[Name] extends {
    _def: { type: infer Type; $types: { input: infer Input; output: infer Output } };
  }
    ? Procedure<Type, DefinitionOf<Input, Output>>
    : never;
} & DecorateRouterKeyable<DefaultFeatureFlags>;

type Procedures = PlainRouter["_def"]["record"];

/** Every procedure, with what TanStack Query's hooks take. */
export type OptionsProxy = {
  [Name in keyof Procedures]: Folder<Procedures[Name]>;
} & DecorateRouterKeyable<DefaultFeatureFlags>;
