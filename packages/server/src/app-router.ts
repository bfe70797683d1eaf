import { routes } from "./app-routes";
import { router } from "./trpc";

export const appRouter = router(routes);
