import { nextHandlers } from "@fermata/server/next";
import { fermata } from "../../../../fermata";

export const { GET, HEAD, POST, PUT, DELETE, OPTIONS } = nextHandlers(fermata);
