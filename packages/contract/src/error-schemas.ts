import { z } from "zod";
import { errorCodes } from "./error-codes";

export const errorCodeSchema = z.enum(errorCodes);

/** The body of an error answer outside tRPC. */
export const httpErrorSchema = z.object({
  error: z.object({
    appCode: errorCodeSchema,
    message: z.string(),
    details: z.record(z.string(), z.unknown()).optional(),
    requestId: z.string(),
  }),
});
export type HttpErrorBody = z.infer<typeof httpErrorSchema>;
