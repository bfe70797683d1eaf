import { libraryRoutes } from "@fermata/server/internal";
import { routes } from "./routes";
import { router } from "./trpc";

/** Every procedure that is answered: the studio's beside the library's. */
export const appRouter = router({ ...routes, ...libraryRoutes });
