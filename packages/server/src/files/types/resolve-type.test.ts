import { afterAll, describe, expect, test } from "vitest";
import { appCode, openFileLab } from "../../testing/file-lab";
import { sampleOf } from "../../testing/sample-bytes";

const lab = await openFileLab();
const { me, post } = lab;
afterAll(() => lab.close());

const docx = "application/vnd.openxmlformats-officedocument.wordprocessingml.document";
const xlsx = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";
const unknown = "application/octet-stream";
const noise = (sizeBytes: number) => Buffer.alloc(sizeBytes, "\x00\x91\x17\xfe", "latin1");
const ole = Buffer.concat([Buffer.from("d0cf11e0a1b11ae1", "hex"), noise(1500)]);
const zip = Buffer.concat([Buffer.from("504b0304140000000000", "hex"), noise(200)]);
const gzip = Buffer.concat([Buffer.from("1f8b0800", "hex"), noise(200)]);
const elf = Buffer.concat([Buffer.from("7f454c4602010100", "hex"), noise(200)]);
const exe = Buffer.concat([Buffer.from("4d5a9000", "hex"), noise(200)]);
const heif = Buffer.concat([
  Buffer.from("0000001c667479706d696631000000006d69663168656963", "hex"),
  noise(200),
]);
const webm = Buffer.concat([Buffer.from("1a45dfa3874282847765626d", "hex"), noise(200)]);
const matroska = Buffer.concat([
  Buffer.from("1a45dfa38b4282886d6174726f736b61", "hex"),
  noise(200),
]);
const ogg = Buffer.concat([Buffer.from("OggS\0\x02", "latin1"), Buffer.alloc(22), noise(200)]);
const tiff = Buffer.concat([Buffer.from("49492a0008000000", "hex"), noise(200)]);
const flac = Buffer.concat([Buffer.from("fLaC\x80\0\0\x22", "latin1"), noise(200)]);
const tagged = (tagBytes: number, sound: Uint8Array) => {
  const tag = Buffer.alloc(10 + tagBytes);
  tag.write("ID3\x04");
  for (let at = 0; at < 4; at++) tag[6 + at] = (tagBytes >> (7 * (3 - at))) & 127;
  return Buffer.concat([tag, sound]);
};
const mp3Frame = Buffer.concat([Buffer.from("fffb9064", "hex"), Buffer.alloc(413)]);
const mp3 = Buffer.concat([mp3Frame, mp3Frame, mp3Frame, mp3Frame]);
const wrongTag = tagged(100, mp3);
wrongTag[6] = 7;
const m4a = Buffer.from("\0\0\0\x18ftypM4A \0\0\x02\0M4A mp42\0\0\0\x08free", "latin1");
const latin1 = (text: string) => Buffer.from(text, "latin1");
const utf16 = (text: string) => Buffer.from(`\ufeff${text}`, "utf16le");

async function send(claim: string, bytes: Uint8Array | string, filename?: string) {
  const { url } = await me.files.generateUploadUrl(filename ? { filename } : {});
  return post(url, bytes, claim ? { "content-type": claim } : {});
}

describe("the stored type", () => {
  test.each<[string, string | undefined, Uint8Array | string, string]>([
    ["image/png", undefined, sampleOf("png"), "image/png"],
    ["image/jpg", undefined, sampleOf("jpeg"), "image/jpeg"],
    ["IMAGE/GIF; x=y", undefined, sampleOf("gif"), "image/gif"],
    ["application/pdf", undefined, sampleOf("pdf"), "application/pdf"],
    [unknown, undefined, sampleOf("png"), "image/png"],
    ["", undefined, sampleOf("jpeg"), "image/jpeg"],
    [
      "video/quicktime",
      undefined,
      latin1("\0\0\0\x0cskip\0\0\0\0\0\0\0\x08mdat"),
      "video/quicktime",
    ],
    [
      "video/quicktime",
      undefined,
      latin1("\0\0\0\x14pnot\0\0\0\0\0\0PICT\0\x01"),
      "video/quicktime",
    ],
    ["text/plain", undefined, "You skip the first page", "text/plain"],
    ["text/plain", undefined, "The free of them", "text/plain"],
    ["", "readme.txt", "The free of them", "text/plain"],
    ["", undefined, "just words", unknown],
    ["not a type", undefined, "just words", unknown],
    ["application/x-unheard-of", undefined, "?", unknown],
    ["application/x-www-form-urlencoded", "photo.png", sampleOf("png"), "image/png"],
    [unknown, "page.html", "<html><script>", unknown],
    [unknown, undefined, '<?xml version="1.0"?><svg/>', unknown],
    // Names of one family: the more precise one.
    ["audio/mp4", undefined, sampleOf("mp4"), "audio/mp4"],
    ["audio/m4a", undefined, sampleOf("mp4"), "audio/x-m4a"],
    ["audio/webm;codecs=opus", undefined, webm, "audio/webm"],
    ["video/x-matroska", undefined, webm, "video/webm"],
    ["audio/opus", "a.opus", ogg, "audio/ogg"],
    ["image/heic", "IMG_1.HEIC", heif, "image/heic"],
    ["", "IMG_1.HEIC", heif, "image/heic"],
    ["image/x-nikon-nef", "a.nef", tiff, "image/x-nikon-nef"],
    [docx, "report.docx", zip, docx],
    ["application/x-zip-compressed", "report.docx", zip, docx],
    ["application/x-zip-compressed", "photos.zip", zip, "application/zip"],
    [unknown, "data.bin", zip, "application/zip"],
    ["", "report.docx", zip, docx],
    ["application/vnd.apple.pages", "a.pages", zip, "application/vnd.apple.pages"],
    ["application/msword", "letter.doc", ole, "application/msword"],
    ["application/vnd.ms-excel", "budget.xls", ole, "application/vnd.ms-excel"],
    ["application/vnd.ms-outlook", "mail.msg", ole, "application/vnd.ms-outlook"],
    ["", "talk.ppt", ole, "application/vnd.ms-powerpoint"],
    [xlsx, "locked.xlsx", ole, xlsx],
    ["application/msword", "letter.doc", "{\\rtf1\\ansi Hello}", "application/rtf"],
    ["application/x-gtar", "a.tar.gz", gzip, "application/gzip"],
    // A signature that is not where it is looked for first.
    ["audio/flac", "a.flac", tagged(1000, flac), "audio/flac"],
    ["audio/flac", "a.flac", tagged(200_000, flac), "audio/flac"],
    ["audio/mpeg", "a.mp3", wrongTag, "audio/mpeg"],
    ["audio/mpeg", "a.mp3", Buffer.concat([noise(100), mp3]), "audio/mpeg"],
    // Under the names that programs and systems give, though another would be truer.
    ["application/postscript", "logo.ai", "%PDF-1.5\n", "application/pdf"],
    ["image/x-eps", "logo.eps", "%!PS-Adobe-3.0 EPSF-3.0\n", "application/eps"],
    ["audio/mpeg", "voice.mp3", m4a, "audio/x-m4a"],
    ["audio/aac", "voice.aac", m4a, "audio/x-m4a"],
    ["video/mp4", "film.mp4", matroska, "video/matroska"],
    ["image/vnd.dxf", "plan.dxf", "  0\nSECTION\n", "image/vnd.dxf"],
    ["image/x-xpixmap", "icon.xpm", "/* XPM */\n", "image/x-xpixmap"],
    [
      "image/x-tga",
      "a.tga",
      Buffer.from("000002000000000000000000400030001800", "hex"),
      "image/x-tga",
    ],
    ["audio/midi", "a.rmi", latin1("RIFF\x10\0\0\0RMIDdata\0\0\0\0"), unknown],
    ["application/vnd.ms-excel", "export.xls", '<?xml version="1.0"?><Workbook/>', unknown],
    ["application/pdf", "scan.pdf", "\n%PDF-1.4\n%%EOF\n", "application/pdf"],
    ["application/pdf", "scan.pdf", `${"x".repeat(900)}\n%PDF-1.4\n`, "application/pdf"],
    ["application/rtf", "a.rtf", "\ufeff\r\n{\\rtf1 Hello}", "application/rtf"],
    ["audio/amr", "a.amr", "#!AMR\nframes", "audio/amr"],
    ["application/vnd.ms-excel", "members.csv", "fLaC,year\n", "text/csv"],
    ["text/plain", "r.mrc", latin1("00123nam a\x1e\x1faJosé\x1e\x1d"), unknown],
    ["application/postscript", "a.ps", "\u0004%!PS-Adobe-3.0\n", "application/postscript"],
    [
      "application/postscript",
      "a.ps",
      "\u001b%-12345X@PJL JOB\r\n%!PS-Adobe-3.0\n",
      "application/postscript",
    ],
    ["audio/wav", "song.wav", mp3, "audio/mpeg"],
    ["audio/mp4", "PTT.m4a", ogg, "audio/ogg"],
    ["video/mp4", "clip.mp4", webm, "video/webm"],
    ["video/x-msvideo", "film.avi", m4a, "audio/x-m4a"],
    ["font/ttf", "a.ttf", Buffer.concat([latin1("OTTO\0\x0b"), noise(200)]), "font/otf"],
    [
      "application/vnd.ms-pki.stl",
      "part.stl",
      "solid part\n  facet normal 0 0 1\nendsolid\n",
      "model/stl",
    ],
    ["image/openraster", "a.ora", zip, "image/openraster"],
    ["image/x-xfig", "a.fig", "#FIG 3.2\nLandscape\n", unknown],
    ["video/x-ms-asf", "radio.asx", '<asx version="3.0"><entry/></asx>', "text/plain"],
    ["multipart/related; boundary=x", "page.mht", "MIME-Version: 1.0\r\n\r\n", "message/rfc822"],
    // Endings that stand for something else, too.
    [
      "text/vnd.trolltech.linguist",
      "film.ts",
      Buffer.concat([latin1("G@\0\x10"), noise(184), latin1("G@\0\x11"), noise(184)]),
      "video/mp2t",
    ],
    ["application/pgp-keys", "talk.key", zip, "application/vnd.apple.keynote"],
    ["text/vnd.graphviz", "letter.dot", ole, "application/msword"],
    ["text/x-microdvd", "film.sub", noise(400), unknown],
    // Text under the names that browsers and systems give.
    ["text/plain", "notes.txt", "The header %PDF-1.7 begins every PDF.\n", "text/plain"],
    ["text/markdown", "a.md", "# Magic\n\n    %PDF-1.7\n\nstarts a file\n", "text/markdown"],
    ["", "a.md", "# Magic\n\n%PDF-1.7\n", "text/markdown"],
    [
      "message/rfc822",
      "a.eml",
      "From: a\r\n\r\n%PDF-1.4 is what they begin with",
      "message/rfc822",
    ],
    ["", "notes.txt", "GIF89a was the last of them\n", "text/plain"],
    ["", "notes.txt", latin1("fLaC, café\n"), "text/plain"],
    ["", "advice.txt", "solid advice\n", "text/plain"],
    ["text/plain", "mvs.txt", Buffer.from("c8859393964015a6969993844015", "hex"), unknown],
    ["text/plain", "fix.log", latin1("8=FIX.4.2\x0158=José Maria Sánchez\x01"), unknown],
    ["text/plain;charset=UTF-8", undefined, "naïve 🎹\r\n\tline", "text/plain"],
    ["text/csv", undefined, "a,b\n1,2", "text/csv"],
    ["text/csv", undefined, "BMW,2020\nMZ,1970\n", "text/csv"],
    ["application/vnd.ms-excel", "members.csv", "name;year\n", "text/csv"],
    ["application/vnd.ms-excel", "export.xls", "<table><tr><td>1</td></tr></table>", unknown],
    ["text/csv", "members.csv", latin1("name,year\nJosé,1901\n"), "text/csv"],
    ["text/tab-separated-values", "a.tsv", "a\tb\n", "text/tab-separated-values"],
    ["text/csv", "a.csv", utf16("name\tyear\n"), "text/csv"],
    [unknown, "list.txt", utf16("name\tyear\n"), "text/plain"],
    [unknown, "list.txt", latin1("\xff\xfe\0\0a\0\0\0b\0\0\0"), unknown],
    ["", "notes.md", "# Title", "text/markdown"],
    ["", "film.srt", "1\n00:00:01,000 --> 00:00:02,000\nHello\n", "application/x-subrip"],
    ["application/x-yaml", "a.yml", "a: 1\n", "text/yaml"],
    ["text/x-vcard", "a.vcf", "BEGIN:VCARD\nVERSION:2.1\nEND:VCARD\n", "text/vcard"],
    ["text/calendar", "a.ics", "BEGIN:VCALENDAR\nEND:VCALENDAR\n", "text/calendar"],
    ["text/x-whatever", undefined, "words", "text/x-whatever"],
    ["text/plain", "run.log", "\u001b[31mred\u001b[0m\n", "text/plain"],
    ["text/plain", undefined, "bell\u0007", "text/plain"],
    ["text/plain", undefined, "Title\u000bSubtitle\r\n\u001a", "text/plain"],
    ["text/plain", "crashed.log", "before\n\0\0\0\0\0\0after\n", unknown],
    ["text/plain", "list.txt", latin1("\xff\xfe\0\0a\0\0\0b\0\0\0"), unknown],
    ["video/mp2t", "main.ts", "export const a = 1;\n", "text/plain"],
    ["application/xml", "invoice.xml", '<?xml version="1.0"?><Invoice/>', "application/xml"],
    ["application/gpx+xml", "a.gpx", '<?xml version="1.0"?><gpx/>', "application/gpx+xml"],
    ["application/json", undefined, '\ufeff{"a":[1,2]}', "application/json"],
    ["application/json", undefined, '{"a":1}\n{"a":2}\n', "text/plain"],
    // Nothing that contradicts it.
    ["audio/mpeg", "a.mp3", noise(300), unknown],
    ["application/x-iso9660-image", "a.iso", noise(300), "application/x-iso9660-image"],
  ])(
    "for a claim of '%s' and the name %s is found in the bytes",
    async (claim, name, bytes, type) => {
      const answer = await send(claim, bytes, name);
      expect(answer.text).toContain("storageId");
      const metadata = await me.files.getMetadata(JSON.parse(answer.text));
      expect(metadata?.contentType).toBe(type);
    },
  );

  test.each<[string, Uint8Array | string]>([
    ["image/png", sampleOf("jpeg")],
    ["image/png", "<html><script>alert(1)</script>"],
    ["image/jpeg", "alert(1)"],
    ["image/jpeg", "<svg xmlns='http://www.w3.org/2000/svg'/>"],
    ["image/png", noise(300)],
    ["image/jpeg", sampleOf("pdf")],
    ["image/png", exe],
    ["image/png", elf],
    ["image/x-whatever", exe],
    ["image/x-whatever", "<html>"],
    ["video/mp4", sampleOf("png")],
    ["video/mp2t", "<html>"],
    ["audio/mpeg", "<html>"],
    ["application/pdf", "no such thing"],
    ["application/pdf", "The header %PDF-1.7 begins every PDF."],
    ["text/plain", sampleOf("pdf")],
    ["application/pdf", "<html><script>alert(1)</script>%PDF-1.4"],
    ["application/msword", sampleOf("png")],
    ["application/zip", exe],
    ["image/vnd.dxf", "<html>"],
    ["application/vnd.ms-excel", sampleOf("jpeg")],
    ["text/html", "<html>"],
    ["image/svg+xml", "<svg/>"],
    ["application/xhtml+xml", "<html/>"],
    ["text/javascript", "alert(1)"],
    ["application/x-javascript", "alert(1)"],
    ["multipart/form-data; boundary=x", "--x"],
    ["text/plain", sampleOf("png")],
    ["text/csv", exe],
    ["application/json", noise(300)],
    ["text/csv", Buffer.alloc(400_000)],
    ["text/plain", "%PDF-1.7\nhello"],
  ])("is refused where '%s' is not true or not accepted", async (claim, bytes) => {
    const answer = await send(claim, bytes);
    expect([answer.status, appCode(answer)]).toEqual([415, "UNSUPPORTED_MEDIA_TYPE"]);
  });

  test("is refused in words that say what the bytes are", async () => {
    const { error } = JSON.parse((await send("image/png", "<html>")).text);
    expect(error.message).toBe("The bytes are a page, though they were called image/png.");
  });

  test("that was granted cannot be another", async () => {
    const { url } = await me.files.generateUploadUrl({ contentType: "image/png" });
    expect((await post(url, sampleOf("jpeg"), { "content-type": "image/jpeg" })).status).toBe(415);
    expect((await post(url, sampleOf("jpeg"))).status).toBe(415);
    expect((await post(url, sampleOf("png"))).status).toBe(200);
    await expect(me.files.generateUploadUrl({ contentType: "text/html" })).rejects.toMatchObject({
      cause: { code: "UNSUPPORTED_MEDIA_TYPE" },
    });
  });

  test("of text is checked over all of it", async () => {
    const late = (byte: number) => Buffer.concat([Buffer.alloc(300_000, "a"), Buffer.from([byte])]);
    expect((await send("text/plain", late(0xe9))).status).toBe(200);
    for (const claim of ["", "text/plain", "application/json"]) {
      const named = JSON.parse((await send(claim, late(0), "a.txt")).text);
      expect((await me.files.getMetadata(named))?.contentType).toBe(unknown);
    }
    const split = `${"a".repeat(65_535)}€${"b".repeat(270_000)}`;
    expect((await send("text/plain", split)).status).toBe(200);
  });

  test.each([
    ["text/csv", Buffer.from("a,b"), "text/csv; charset=utf-8"],
    ["text/csv", utf16("a,b"), "text/csv; charset=utf-16le"],
    ["text/csv; charset=Shift_JIS", latin1("\x83s,1"), "text/csv; charset=shift_jis"],
    ["text/csv", latin1("é,1"), "text/csv"],
    ["text/csv; charset=utf-7", latin1("é,1"), "text/csv"],
  ])("of text is served with its encoding where that is known", async (claim, bytes, served) => {
    const { storageId } = JSON.parse((await send(claim, bytes)).text);
    const url = await me.files.getUrl({ storageId });
    const answer = await lab.server.request(url ?? "");
    expect(answer.headers["content-type"]).toBe(served);
    expect(answer.headers["x-content-type-options"]).toBe("nosniff");
  });
});
