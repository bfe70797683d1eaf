// A module of its own, so that what loads it later gets MD5 alone.
export { createMD5 } from "hash-wasm";
