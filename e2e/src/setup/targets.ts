import { inject } from "vitest";

/** One running server to test. */
export interface Target {
  /** How it is hosted: the self-hosted server, Next alone, or whatever BASE_URL names. */
  name: string;
  baseUrl: string;
  adminEmail: string;
  adminPassword: string;
  /** An origin that the server was told to allow. */
  allowedOrigin: string;
}

declare module "vitest" {
  interface ProvidedContext {
    targets: Target[];
  }
}

export const targets: Target[] = inject("targets");
