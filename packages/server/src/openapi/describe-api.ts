import { type ErrorCode, errorCodes } from "@fermata/contract";
import { AppError } from "../ground/errors";
import {
  anyCall,
  describeProcedures,
  type ProcedureDescription,
} from "../reference/describe-procedures";
import type { JsonSchema } from "../reference/json-schema";
import type { TermsByPath } from "../reference/procedure-terms";

type Router = Parameters<typeof describeProcedures>[0];

/** As JSON; made when it is first asked for. */
export function apiDocument(router: Router, terms: TermsByPath, basePath: string): () => string {
  let document: string | undefined;
  return () => {
    document ??= JSON.stringify(describeApi(router, terms, basePath));
    return document;
  };
}

/**
 * The procedures and the two plain routes for bytes as OpenAPI 3.1: tRPC's own wire as it is, which needs no client of tRPC's.
 * A query's input is JSON in the parameter `input`, a mutation's is the body, an answer is `{ result: { data } }`.
 */
export function describeApi(router: Router, terms: TermsByPath, basePath: string) {
  const procedures = describeProcedures(router, terms);
  const schemas: Record<string, JsonSchema> = {
    Error: errorSchema,
    FailedCall: failedCallSchema,
    FailedRequest: failedRequestSchema,
  };
  for (const { input, output } of procedures) {
    for (const [name, shape] of Object.entries({ ...input?.shapes, ...output.shapes })) {
      schemas[name] ??= withComponents(shape);
    }
  }
  return {
    openapi: "3.1.0",
    info: {
      title: "Fermata",
      version: "1",
      description:
        "Private files, heavy media, scheduled jobs and real-time rooms. Times are ISO 8601 in UTC, sizes are bytes. A failed call tells a code of a closed set in `error.data.appCode`.",
    },
    servers: [{ url: basePath }],
    security: [{ bearer: [] }, {}],
    tags: [...new Set(procedures.map(({ path }) => featureOf(path)))].map((name) => ({ name })),
    paths: {
      ...Object.fromEntries(
        procedures.map((procedure) => [`/trpc/${procedure.path}`, pathOf(procedure)]),
      ),
      ...plainPaths,
    },
    components: {
      schemas,
      securitySchemes: {
        bearer: {
          type: "http",
          scheme: "bearer",
          description: "Of a user, or of a seat in a room.",
        },
      },
    },
  };
}

function pathOf(procedure: ProcedureDescription) {
  const { path, type, about, callers, errors, input } = procedure;
  const operation = {
    operationId: path.replaceAll(".", "_"),
    tags: [featureOf(path)],
    summary: about,
    description: `For ${callers}.${errors.length > 0 ? ` Fails with ${errors.join(", ")}.` : ""} As any call, it may fail with ${anyCall.join(", ")}.`,
    responses: { 200: answerOf(procedure), ...failuresOf(procedure) },
  };
  if (type === "mutation") {
    return {
      post: {
        ...operation,
        ...(input && {
          requestBody: {
            required: !("default" in input.schema),
            content: { "application/json": { schema: withComponents(input.schema) } },
          },
        }),
      },
    };
  }
  const parameters = input
    ? [
        {
          name: "input",
          in: "query",
          description: "JSON.",
          required: !("default" in input.schema),
          content: { "application/json": { schema: withComponents(input.schema) } },
        },
      ]
    : [];
  return { get: { ...operation, parameters } };
}

function answerOf({ type, output }: ProcedureDescription) {
  const data = withComponents(output.schema);
  if (type === "subscription") {
    return {
      description:
        "Server-sent events: `connected` first, then one `message` for each, whose data is this as JSON and whose id, where it has one, is what to give as `lastEventId`; `ping` now and then, `return` at the end, `serialized-error` for a failure.",
      content: { "text/event-stream": { schema: data } },
    };
  }
  return {
    description: "It is done.",
    content: {
      "application/json": {
        schema: {
          type: "object",
          properties: {
            result: { type: "object", properties: { data }, required: ["data"] },
          },
          required: ["result"],
        },
      },
    },
  };
}

function failuresOf({ errors }: ProcedureDescription) {
  const codes = [...new Set([...errors, ...anyCall])];
  return Object.fromEntries(
    [...groupByStatus(codes)].map(([status, told]) => [
      status,
      {
        description: told.join(", "),
        ...((status === 429 || status === 503) && { headers: retryAfterHeader }),
        content: { "application/json": { schema: { $ref: "#/components/schemas/FailedCall" } } },
      },
    ]),
  );
}

function groupByStatus(codes: ErrorCode[]) {
  const byStatus = new Map<number, ErrorCode[]>();
  for (const code of codes) {
    const { httpStatus } = new AppError(code);
    byStatus.set(httpStatus, [...(byStatus.get(httpStatus) ?? []), code]);
  }
  return byStatus;
}

function featureOf(path: string): string {
  return path.split(".")[0] ?? "";
}

/** Named shapes are components here. */
function withComponents(schema: JsonSchema): JsonSchema {
  const text = JSON.stringify(schema).replaceAll('"#/$defs/', '"#/components/schemas/');
  return JSON.parse(text) as JsonSchema;
}

const retryAfterHeader = {
  "Retry-After": { description: "Seconds.", schema: { type: "integer" } },
};

const errorSchema: JsonSchema = {
  type: "object",
  properties: {
    appCode: { type: "string", enum: [...errorCodes], description: "What went wrong." },
    httpStatus: { type: "integer", description: "As the answer's." },
    code: { type: "string", description: "tRPC's own name for it." },
    details: {
      type: "object",
      additionalProperties: {},
      description: "Facts about it: a limit, a field, when to come back.",
    },
    requestId: { type: "string", description: "Leads to the failure in the server's log." },
  },
  required: ["appCode", "httpStatus", "code", "requestId"],
};

const failedCallSchema: JsonSchema = {
  type: "object",
  properties: {
    error: {
      type: "object",
      properties: {
        message: { type: "string", description: "As people read it." },
        code: { type: "integer", description: "JSON-RPC's number for it." },
        data: { $ref: "#/components/schemas/Error" },
      },
      required: ["message", "code", "data"],
    },
  },
  required: ["error"],
};

const failedRequestSchema: JsonSchema = {
  type: "object",
  properties: {
    error: {
      type: "object",
      properties: {
        appCode: { type: "string", enum: [...errorCodes], description: "What went wrong." },
        message: { type: "string", description: "As people read it." },
        details: { type: "object", additionalProperties: {}, description: "Facts about it." },
        requestId: { type: "string", description: "Leads to the failure in the server's log." },
      },
      required: ["appCode", "message", "requestId"],
    },
  },
  required: ["error"],
};

const refused = {
  description: "Refused: the code says why.",
  content: { "application/json": { schema: { $ref: "#/components/schemas/FailedRequest" } } },
};

/** Bytes, which no procedure carries. Their addresses are given by procedures. */
const plainPaths = {
  "/files/upload/{token}": {
    post: {
      operationId: "files_upload",
      tags: ["files"],
      summary: "Stores a file, once, at the URL that files.generateUploadUrl gave.",
      security: [{}],
      parameters: [
        { name: "token", in: "path", required: true, schema: { type: "string" } },
        {
          name: "Digest",
          in: "header",
          description: "`sha-256=` and the base64 of it: other bytes are refused.",
          schema: { type: "string" },
        },
      ],
      requestBody: {
        required: true,
        description: "The bytes as they are, with their media type.",
        content: { "*/*": { schema: {} } },
      },
      responses: {
        200: {
          description: "It is stored.",
          content: {
            "application/json": {
              schema: {
                type: "object",
                properties: { storageId: { type: "string", description: "The file's." } },
                required: ["storageId"],
              },
            },
          },
        },
        default: refused,
      },
    },
  },
  "/files/{storageId}": {
    get: {
      operationId: "files_read",
      tags: ["files"],
      summary: "The bytes of a file, at the URL that files.getUrl gave.",
      security: [{}],
      parameters: [
        { name: "storageId", in: "path", required: true, schema: { type: "string" } },
        { name: "Range", in: "header", schema: { type: "string" } },
      ],
      responses: {
        200: { description: "All of it.", content: { "*/*": { schema: {} } } },
        206: { description: "The range.", content: { "*/*": { schema: {} } } },
        304: { description: "As it was." },
        default: refused,
      },
    },
  },
};
