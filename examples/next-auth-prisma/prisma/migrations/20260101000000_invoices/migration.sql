CREATE TABLE "User" (
  "id" text PRIMARY KEY,
  "name" text NOT NULL UNIQUE,
  "passwordHash" text NOT NULL
);

CREATE TABLE "Invoice" (
  "id" text PRIMARY KEY,
  "userId" text NOT NULL REFERENCES "User" ("id") ON DELETE CASCADE ON UPDATE CASCADE,
  "pdfId" text UNIQUE REFERENCES fermata."File" ("id") ON DELETE NO ACTION ON UPDATE NO ACTION
);
