import { png } from "./samples";

export interface HostileFile {
  name: string;
  /** What its author would like it to be served as. */
  contentType: string;
  bytes: Buffer;
}

/** Files that try to run a script wherever they are opened. `script` is what they run. */
export function hostileFiles(script: string): HostileFile[] {
  const html = `<!doctype html><title>x</title><body onload='${script}'><script>${script}</script>`;
  const text = (name: string, contentType: string, content: string): HostileFile => ({
    name,
    contentType,
    bytes: Buffer.from(content),
  });
  return [
    text("page.html", "text/html", html),
    text("picture.png", "image/png", html),
    text("spaces before.txt", "text/plain", `\n\n\n   ${html}`),
    text("data.json", "application/json", html),
    text(
      "page.xhtml",
      "application/xhtml+xml",
      `<html xmlns="http://www.w3.org/1999/xhtml"><body><script>${script}</script></body></html>`,
    ),
    text(
      "drawing.svg",
      "image/svg+xml",
      `<svg xmlns="http://www.w3.org/2000/svg" onload="${script.replaceAll('"', "&quot;")}"><script>${script}</script></svg>`,
    ),
    text(
      "drawing with a prologue.svg",
      "image/svg+xml",
      `<?xml version="1.0"?><!-- x --><svg xmlns="http://www.w3.org/2000/svg"><foreignObject><body xmlns="http://www.w3.org/1999/xhtml"><script>${script}</script></body></foreignObject></svg>`,
    ),
    text(
      "feed.xml",
      "application/xml",
      `<r><script xmlns="http://www.w3.org/1999/xhtml">${script}</script></r>`,
    ),
    text(
      "styled.xml",
      "text/xml",
      `<?xml version="1.0"?><?xml-stylesheet type="text/xsl" href="#s"?><!DOCTYPE r [<!ATTLIST xsl:stylesheet id ID #REQUIRED>]><r><xsl:stylesheet id="s" version="1.0" xmlns:xsl="http://www.w3.org/1999/XSL/Transform"><xsl:template match="/"><html><script>${script}</script></html></xsl:template></xsl:stylesheet></r>`,
    ),
    text(
      "saved page.mhtml",
      "message/rfc822",
      `MIME-Version: 1.0\r\nContent-Type: multipart/related; boundary="b"\r\n\r\n--b\r\nContent-Type: text/html\r\n\r\n${html}\r\n--b--\r\n`,
    ),
    text(
      "seven bits.txt",
      "text/plain; charset=utf-7",
      `+ADw-script+AD4-${script}+ADw-/script+AD4-`,
    ),
    text("program.js", "text/javascript", script),
    text("program.txt", "text/plain", script),
    text("module.txt", "text/plain", `${script}\nexport const x = 1;`),
    text("table.csv", "text/csv", `${script}//,1\n`),
    {
      name: "picture and program.gif",
      contentType: "image/gif",
      // A picture 10,799 pixels wide for those who see a GIF; for a script engine, a comment and an assignment.
      bytes: Buffer.concat([
        Buffer.from("GIF89a/*\x01\x00\x80\x00\x00\x00\x00\x00\xff\xff\xff", "latin1"),
        Buffer.from("*/=1;", "latin1"),
        Buffer.from(script),
        Buffer.from("//;", "latin1"),
      ]),
    },
    {
      name: "picture and page.png",
      contentType: "image/png",
      bytes: Buffer.concat([png([1, 2, 3], 4), Buffer.from(html)]),
    },
    {
      name: "document and page.pdf",
      contentType: "application/pdf",
      bytes: Buffer.from(
        `%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R/OpenAction<</S/JavaScript/JS(${script.replace(/[()\\]/g, "\\$&")})>>>>endobj\n2 0 obj<</Type/Pages/Kids[]/Count 0>>endobj\n${html}\ntrailer<</Root 1 0 R>>\n%%EOF\n`,
      ),
    },
  ];
}
