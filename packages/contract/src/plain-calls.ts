const ofRooms = String.raw`signaling\.(prepare|join|send|messages|messagesOfMany|leave)`;
const ofParts = String.raw`storage\.(createMultipartUpload|signParts|completeMultipartUpload)`;
/** Several of these may go in one batch. */
const ofUploads = String.raw`((files\.generateUploadUrl|storage\.(getUploadUrl|completeUpload))(,|$))+`;

/**
 * The calls that may come as `text/plain`, with the bearer and the input in the body, so that no browser asks before it
 * sends them to another origin: a room's, and those that an upload waits for. The source of a regular expression for what
 * follows `/trpc/`.
 */
export const plainCallPaths = `(${ofRooms}|${ofParts}|${ofUploads})$`;
