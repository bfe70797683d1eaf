export type StatementNames = "auto" | "on" | "off";
