import { config } from "zod/v4/core";

// Before any page: their policy runs no code made of text, and the browser complains where zod tries whether it might.
config({ jitless: true });
