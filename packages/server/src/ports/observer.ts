/** Counts what is answered, for whoever watches the server from outside. */
export interface Observer {
  observe(route: string, status: number, seconds: number): void;
  /** @throws AppError UNAUTHENTICATED for who may not look */
  answer(bearer: string | null): Promise<{ type: string; text: string }>;
}
