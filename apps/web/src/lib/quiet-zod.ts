import { config } from "zod/v4/core";

// For whatever checks by a schema of the contract in a page: its policy runs no code made of text, and the browser complains
// where zod tries whether it might.
config({ jitless: true });
