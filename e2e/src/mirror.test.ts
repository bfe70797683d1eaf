import { randomUUID } from "node:crypto";
import { readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { freePort } from "@fermata/embedded/testing/free-port";
import { type MidiEvent, parseMidi } from "midi-file";
import type { Browser, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { launchBrowser } from "./setup/browser";
import { canCall } from "./setup/call-lab";
import { type Coturn, createCoturn } from "./setup/coturn";
import { makeDataDir } from "./setup/data-dir";
import { type MirrorSite, serveMirror } from "./setup/mirror-site";
import { createRoom } from "./setup/rooms";
import { type Rpc, signInAdmin } from "./setup/rpc";
import { type RunningServer, startSelfHosted } from "./setup/start-server";

const what = "Piano Mirror between two browsers";
const relaySecret = "the relay's secret, for one test run";
const fakeDevices = ["--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream"];
const middleC = 60;

const own = (page: Page) => page.locator(".stage[data-side=own]");
const other = (page: Page) => page.locator(".stage[data-side=other]");
const keyOf = (stage: ReturnType<typeof own>, midi: number) =>
  stage.locator(`[data-midi="${midi}"]`);
const button = (page: Page, name: string) => page.getByRole("button", { name, exact: true });

describe.runIf(canCall(what))(what, () => {
  let dataDir: string;
  let coturn: Coturn;
  let site: MirrorSite;
  let server: RunningServer;
  let owner: Rpc;
  let browser: Browser;
  /** What the pages complained about. */
  const complaints: string[] = [];

  beforeAll(async () => {
    dataDir = await makeDataDir();
    coturn = createCoturn(await freePort());
    [site, browser] = await Promise.all([
      serveMirror(),
      launchBrowser(fakeDevices),
      coturn.start(relaySecret),
    ]);
    server = await startSelfHosted(join(dataDir, "data"), undefined, {
      FERMATA_ALLOWED_ORIGINS: site.origin,
      COTURN_URLS: `turn:127.0.0.1:${coturn.port}?transport=udp`,
      COTURN_SECRET: relaySecret,
    });
    owner = await signInAdmin(server.target);
  });

  afterAll(async () => {
    await browser?.close();
    await server?.stop();
    await Promise.all([coturn?.kill(), site?.close()]);
    if (dataDir) await rm(dataDir, { recursive: true, force: true });
  });

  afterEach(async () => {
    await Promise.all(browser.contexts().map((context) => context.close()));
    expect(complaints.splice(0)).toEqual([]);
  });

  async function openPage(from: Browser = browser): Promise<Page> {
    const context = await from.newContext({ viewport: { width: 1440, height: 900 } });
    const page = await context.newPage();
    page.on("pageerror", (error) => complaints.push(String(error)));
    page.on("console", (message) => {
      // A refusal of the server is told on the page; the browser writes it down as well.
      const { url } = message.location();
      if (message.type() === "error" && !url.includes("/api/trpc/"))
        complaints.push(message.text());
    });
    return page;
  }

  /** A link as the app writes it, for a room of its own. */
  async function newLink(route: "relay" | "all" = "all", capacity?: number): Promise<string> {
    const { roomId, inviteToken } = await createRoom(owner, capacity);
    const url = new URL(site.origin);
    url.searchParams.set("server", server.target.baseUrl);
    url.searchParams.set("room", roomId);
    url.searchParams.set("invite", inviteToken);
    if (route === "relay") url.searchParams.set("route", "relay");
    return url.href;
  }

  async function goIn(link: string, name: string, page?: Page): Promise<Page> {
    const entering = page ?? (await openPage());
    await entering.goto(link);
    await entering.getByLabel("Your name").fill(name);
    await button(entering, "Go in").click();
    return entering;
  }

  const connected = (page: Page) =>
    page
      .getByRole("status", { name: "Connection" })
      .getByText(/^(Direct|Relayed)$/)
      .waitFor();

  async function meet(link: string): Promise<[Page, Page]> {
    const marta = await goIn(link, "Marta Vidal");
    const ines = await goIn(link, "Ines Okafor");
    await Promise.all([connected(marta), connected(ines)]);
    return [marta, ines];
  }

  const isLit = (page: Page, midi: number) => keyOf(other(page), midi).getAttribute("aria-pressed");

  test("a key pressed on one side lights on the other, over the relay, under moving pictures", async () => {
    const [marta, ines] = await meet(await newLink("relay"));
    await ines.getByRole("status", { name: "Connection" }).getByText("Relayed").waitFor();

    await marta.keyboard.down("a");
    await expect.poll(() => isLit(ines, middleC)).toBe("true");
    await expect.poll(() => keyOf(own(marta), middleC).getAttribute("aria-pressed")).toBe("true");
    await marta.keyboard.up("a");
    await expect.poll(() => isLit(ines, middleC)).toBe("false");

    const frames = () =>
      other(ines)
        .locator("video")
        .evaluate((video: HTMLVideoElement) => video.getVideoPlaybackQuality().totalVideoFrames);
    const before = await frames();
    await expect.poll(frames, { timeout: 15_000 }).toBeGreaterThan(before + 5);
  });

  test("the calls of a room ask the server nothing beforehand, though the page is of another origin", async () => {
    const page = await openPage();
    const session = await page.context().newCDPSession(page);
    await session.send("Network.enable");
    const asked: string[] = [];
    const called = new Set<string>();
    session.on("Network.requestWillBeSent", ({ request }) => {
      const path = new URL(request.url).pathname;
      if (request.method === "OPTIONS") asked.push(path);
      else if (path.includes("/signaling.")) called.add(path.slice(path.lastIndexOf("/") + 1));
    });
    const link = await newLink();
    await goIn(link, "Marta Vidal", page);
    const ines = await goIn(link, "Ines Okafor");
    await Promise.all([connected(page), connected(ines)]);
    const ofRoom = ["signaling.join", "signaling.messages", "signaling.send"];
    await expect.poll(() => [...called]).toEqual(expect.arrayContaining(ofRoom));
    expect(asked).toEqual([]);

    // The browser would have said so: this call is asked about.
    await page.evaluate(
      (url) => fetch(url, { headers: { "content-type": "application/json" } }).then(() => {}),
      `${server.target.baseUrl}/api/trpc/settings.public`,
    );
    await expect.poll(() => asked).toEqual(["/api/trpc/settings.public"]);
  });

  test("keys are played by mouse and by the arrow keys, and only the other side's are hatched", async () => {
    const [marta, ines] = await meet(await newLink());
    await keyOf(own(marta), 64).hover({ position: { x: 8, y: 80 } });
    await marta.mouse.down();
    await expect.poll(() => isLit(ines, 64)).toBe("true");
    await expect
      .poll(() => keyOf(own(ines), 64).getAttribute("aria-label"))
      .toBe("E4, held by the other side");
    await marta.mouse.up();
    await expect.poll(() => isLit(ines, 64)).toBe("false");

    await keyOf(own(ines), middleC).focus();
    await ines.keyboard.press("ArrowRight");
    await ines.keyboard.down("Enter");
    await expect.poll(() => isLit(marta, 61)).toBe("true");
    await ines.keyboard.up("Enter");
    await expect.poll(() => isLit(marta, 61)).toBe("false");
  });

  test("a reload comes back to its seat and sees what is held", async () => {
    const [marta, ines] = await meet(await newLink());
    await marta.keyboard.down("d");
    await expect.poll(() => isLit(ines, 64)).toBe("true");
    await ines.reload();
    await connected(ines);
    await expect.poll(() => isLit(ines, 64)).toBe("true");
    await marta.keyboard.up("d");
    await expect.poll(() => isLit(ines, 64)).toBe("false");
    expect(await other(marta).getByRole("heading").textContent()).toBe("Ines Okafor");
  });

  test("without camera and microphone everything else works", async () => {
    const bare = await launchBrowser();
    try {
      const link = await newLink();
      const marta = await openPage(bare);
      await marta.goto(link);
      await marta.getByText("The drawn keys show what you play").first().waitFor();
      await marta.getByText("Your keys still sound").first().waitFor();
      await goIn(link, "Marta Vidal", marta);
      const ines = await goIn(link, "Ines Okafor");
      await Promise.all([connected(marta), connected(ines)]);
      await other(ines).getByText("Joined without a camera").waitFor();
      await marta.keyboard.down("g");
      await expect.poll(() => isLit(ines, 67)).toBe("true");
      await expect
        .poll(() =>
          other(marta)
            .locator("video")
            .evaluate((video: HTMLVideoElement) => video.videoWidth),
        )
        .toBeGreaterThan(0);
    } finally {
      await bare.close();
    }
  });

  test("whoever signs in opens a room; snapshots and recordings go to the server", async () => {
    // Another one each time: what a try before this one kept is still on the server.
    const lesson = `Tuesday lesson ${randomUUID().slice(0, 4)}`;
    const marta = await openPage();
    await marta.goto(site.origin);
    await marta.getByLabel("Server").fill(server.target.baseUrl);
    await marta.getByLabel("E-mail").fill(server.target.adminEmail);
    await marta.getByLabel("Password").fill(server.target.adminPassword);
    await button(marta, "Sign in").click();
    await marta.getByLabel("What is it?").fill(lesson);
    await button(marta, "Open a room").click();
    await marta.getByText("Waiting for the other seat").waitFor();
    const link = await marta.getByLabel("Invite link", { exact: true }).inputValue();
    await marta.getByLabel("Your name").fill("Marta Vidal");
    await button(marta, "Go in").click();
    const ines = await goIn(link, "Ines Okafor");
    expect(await ines.getByRole("heading", { level: 1 }).textContent()).toContain(lesson);
    await Promise.all([connected(marta), connected(ines)]);

    await button(marta, "Snapshot").click();
    await marta.getByText("Snapshot 1 saved").waitFor();
    const { data } = await owner.query("storage.list", { limit: 20 });
    const isOurs = ({ filename }: { filename: string }) => filename.startsWith(lesson);
    expect(data.items.filter(isOurs)).toMatchObject([
      {
        filename: `${lesson}, snapshot 1.jpg`,
        contentType: "image/jpeg",
        status: "ready",
        visibility: "private",
        publicUrl: null,
      },
    ]);

    const download = ines.waitForEvent("download");
    await button(ines, "Snapshot").click();
    expect((await download).suggestedFilename()).toBe(`${lesson}, snapshot 1.jpg`);

    await button(marta, "Record").click();
    await ines.getByText("Marta is recording").waitFor();
    await marta.keyboard.press("a", { delay: 100 });
    await ines.keyboard.press("d", { delay: 100 });
    await expect.poll(() => isLit(marta, middleC + 4)).toBe("false");
    await marta.waitForTimeout(1_500);
    await button(marta, "Stop recording").click();
    await expect.poll(() => ines.getByText("Marta is recording").count()).toBe(0);
    // Whoever leaves sees it arrive.
    await button(marta, "Leave").click();
    const saved = marta.locator(".tray[data-status=saved]").getByText("Recording 1");
    await saved.waitFor({ timeout: 30_000 });
    const { film, notes } = await recordingOf(`${lesson}, recording 1`);
    expect(film).toMatchObject({ contentType: "video/webm", visibility: "private" });
    expect(notes.header).toMatchObject({ format: 1, numTracks: 3 });
    const names = (track: MidiEvent[] = []) =>
      track.flatMap((event) => (event.type === "trackName" ? [event.text] : []));
    const played = (track: MidiEvent[] = []) =>
      track.flatMap((event) => (event.type === "noteOn" ? [event.noteNumber] : []));
    expect(notes.tracks.map(names)).toEqual([[lesson], ["Ines Okafor"], ["Marta Vidal"]]);
    expect(notes.tracks.map(played)).toEqual([[], [middleC + 4], [middleC]]);
  }, 120_000);

  async function recordingOf(name: string) {
    const { data } = await owner.query("storage.list", { limit: 20 });
    const of = (filename: string) =>
      data.items.find((item: { filename: string }) => item.filename === filename);
    const [film, midi] = [of(`${name}.webm`), of(`${name}.mid`)];
    const { data: url } = await owner.query("storage.getUrl", { key: midi?.key ?? "" });
    const bytes = new Uint8Array(await (await fetch(url)).arrayBuffer());
    return { film, notes: parseMidi(bytes) };
  }

  test("music mode gives what the room gives, and speech is cleaned", async () => {
    const page = await goIn(await newLink(), "Marta Vidal");
    const isProcessed = () =>
      own(page)
        .locator("video")
        .evaluate((video: HTMLVideoElement) => {
          const [track] = (video.srcObject as MediaStream).getAudioTracks();
          const { echoCancellation, noiseSuppression, autoGainControl } =
            track?.getSettings() ?? {};
          return [echoCancellation, noiseSuppression, autoGainControl];
        });
    await expect.poll(isProcessed).toEqual([false, false, false]);
    await page.getByRole("switch", { name: /Music mode/ }).click();
    await expect.poll(isProcessed).toEqual([true, true, true]);
  });

  test("a third visitor is told that both seats are taken, and gets the one that is freed", async () => {
    const link = await newLink();
    const [marta, ines] = await meet(link);
    const third = await goIn(link, "Third");
    await third.getByRole("heading", { name: "Every seat is taken" }).waitFor();
    await button(ines, "Leave").click();
    await ines.getByRole("heading", { name: "You left" }).waitFor();
    await other(marta).getByRole("heading", { name: "Ines left" }).waitFor();
    // Nobody clicks: the page waits for the seat.
    await Promise.all([connected(third), connected(marta)]);
  });

  test("whoever is in a room of more than two is seen, and plays a piano of their own", async () => {
    const link = await newLink("all", 3);
    const [marta, ines] = await meet(link);
    const cleo = await goIn(link, "Cleo Adler");
    const tile = (page: Page, name: string) =>
      page.getByRole("list", { name: "Also in the room" }).getByRole("listitem").filter({
        hasText: name,
      });
    const plays = (found: ReturnType<typeof tile>) =>
      found.locator("video").evaluate((video: HTMLVideoElement) => {
        const tracks = (video.srcObject as MediaStream).getTracks().map(({ kind }) => kind);
        return video.videoWidth > 0 && !video.muted && tracks.sort().join() === "audio,video";
      });
    await Promise.all([connected(cleo), tile(cleo, "Ines Okafor").waitFor()]);
    for (const page of [marta, ines]) {
      await expect.poll(() => plays(tile(page, "Cleo Adler")), { timeout: 15_000 }).toBe(true);
    }

    // However the window is turned, both keyboards are in it, and the others can be scrolled to by keys.
    for (const [width, height] of [
      [667, 375],
      [844, 390],
      [740, 360],
      [375, 667],
    ] as const) {
      await marta.setViewportSize({ width, height });
      const size = `${width} x ${height}`;
      for (const stage of [own(marta), other(marta)]) {
        await expect.poll(() => keysInView(stage), { message: size }).toBeGreaterThan(40);
      }
    }
    await marta.setViewportSize({ width: 1440, height: 900 });
    expect(await marta.locator("ul.tiles").getAttribute("tabindex")).toBe("0");

    // Ines has played more than Cleo: each counts for herself.
    for (const key of ["a", "s", "d"]) await ines.keyboard.press(key, { delay: 50 });
    await cleo.keyboard.down("a");
    await ines.keyboard.down("g");
    const lit = (page: Page) => tile(page, "Cleo Adler").locator(".mini-lit").count();
    await expect.poll(() => lit(marta)).toBe(1);
    await expect.poll(() => lit(ines)).toBe(1);
    await expect.poll(() => isLit(marta, 67)).toBe("true");
    await expect.poll(() => isLit(marta, middleC)).toBe("false");
    await cleo.keyboard.up("a");
    await expect.poll(() => lit(marta)).toBe(0);
    expect(await isLit(marta, 67)).toBe("true");

    await button(cleo, "Leave").click();
    await expect.poll(() => tile(marta, "Cleo Adler").count()).toBe(0);
    expect(await other(marta).getByRole("heading").textContent()).toBe("Ines Okafor");
  }, 120_000);

  /** How much of the keys' height is seen, in pixels: in their stage, in the window, and above the bar. */
  const keysInView = (stage: ReturnType<typeof own>) =>
    stage.evaluate((section) => {
      const seen = ["keyboard", "stage-view"].map((name) =>
        (section.querySelector(`.${name}`) ?? section).getBoundingClientRect(),
      );
      const bar = document.querySelector(".bar")?.getBoundingClientRect();
      const ends = [...seen.map(({ bottom }) => bottom), bar?.top ?? 0, innerHeight];
      return Math.min(...ends) - Math.max(...seen.map(({ top }) => top));
    });

  /** What the page was given of cameras and microphones, and is still on; it gets them only so late. */
  async function delayDevices(page: Page, ms: number) {
    await page.evaluate((delayMs) => {
      const { mediaDevices } = navigator;
      const given: MediaStreamTrack[] = [];
      const getUserMedia = mediaDevices.getUserMedia.bind(mediaDevices);
      mediaDevices.getUserMedia = async (constraints) => {
        await new Promise((resolve) => setTimeout(resolve, delayMs));
        const stream = await getUserMedia(constraints);
        given.push(...stream.getTracks());
        return stream;
      };
      Object.assign(window, { givenTracks: given });
    }, ms);
    return () =>
      page.evaluate(() =>
        (window as unknown as { givenTracks: MediaStreamTrack[] }).givenTracks.map(
          ({ readyState }) => readyState,
        ),
      );
  }

  test("a camera that is given after its owner left, or wants it no more, is off", async () => {
    const page = await goIn(await newLink(), "Marta Vidal");
    const camera = button(page, "Camera");
    await expect.poll(() => camera.getAttribute("aria-pressed")).toBe("true");
    await camera.click();
    await expect.poll(() => camera.getAttribute("aria-pressed")).toBe("false");
    const given = await delayDevices(page, 1_000);
    await camera.click();
    await own(page).getByText("Asking for the camera").waitFor();
    expect(await camera.getAttribute("aria-pressed")).toBe("true");
    await camera.click();
    await own(page).getByText("Camera off").waitFor();
    await expect.poll(given).toEqual(["ended"]);

    await camera.click();
    await button(page, "Leave").click();
    await page.getByRole("heading", { name: "You left" }).waitFor();
    await expect.poll(given).toEqual(["ended", "ended"]);
  });

  test("what the server does not take is saved here, also after going back", async () => {
    const marta = await openPage();
    await marta.goto(site.origin);
    await marta.getByLabel("Server").fill(server.target.baseUrl);
    await marta.getByLabel("E-mail").fill(server.target.adminEmail);
    await marta.getByLabel("Password").fill(server.target.adminPassword);
    await button(marta, "Sign in").click();
    await marta.getByLabel("What is it?").fill("Refused lesson");
    await button(marta, "Open a room").click();
    await marta.getByLabel("Your name").fill("Marta Vidal");
    await button(marta, "Go in").click();
    await marta.route(/api\/trpc\/(storage|media)\./, (route) =>
      route.fulfill({
        status: 403,
        headers: { "access-control-allow-origin": site.origin },
        json: {
          error: {
            message: "Your space is used up.",
            code: -32003,
            data: { code: "FORBIDDEN", httpStatus: 403, appCode: "QUOTA_EXCEEDED" },
          },
        },
      }),
    );
    await button(marta, "Record").click();
    await marta.waitForTimeout(1_500);
    await marta.goBack();
    await button(marta, "Open a room").waitFor();
    for (const what of ["Recording 1", "Notes 1"]) {
      const save = button(marta, `Save ${what} to this device`);
      await save.waitFor({ timeout: 20_000 });
      const download = marta.waitForEvent("download");
      await save.click();
      expect((await download).suggestedFilename()).toMatch(/^Refused lesson, recording 1\./);
    }
  });

  test("a recording of a page that crashed is offered by the next one, once", async () => {
    const marta = await goIn(await newLink(), "Marta Vidal");
    await button(marta, "Record").click();
    await marta.keyboard.press("a", { delay: 100 });
    const elsewhere = await marta.context().newPage();
    await elsewhere.goto(site.origin);
    // The notes go there every five seconds.
    await elsewhere.waitForTimeout(7_000);
    await elsewhere.reload();
    await elsewhere.getByLabel("Server").waitFor();
    expect(await elsewhere.locator(".tray").count()).toBe(0);
    await marta.goto("chrome://crash").catch(() => {});

    const offered = async (what: string, leastBytes: number) => {
      const save = button(elsewhere, `Save ${what} to this device`);
      const download = elsewhere.waitForEvent("download");
      await save.click();
      const bytes = await readFile(await (await download).path());
      expect(bytes.length).toBeGreaterThan(leastBytes);
      return bytes;
    };
    await expect
      .poll(async () => {
        await elsewhere.reload();
        await elsewhere.getByLabel("Server").waitFor();
        return elsewhere.locator(".tray").count();
      })
      .toBe(1);
    await elsewhere.getByText(/left behind/).waitFor();
    await offered("Recording 1", 10_000);
    const { tracks } = parseMidi(await offered("Notes 1", 20));
    const played = tracks.flat().flatMap((event) => (event.type === "noteOn" ? [event] : []));
    expect(played.map(({ noteNumber }) => noteNumber)).toEqual([middleC]);
    await elsewhere.reload();
    await elsewhere.getByLabel("Server").waitFor();
    await elsewhere.waitForTimeout(500);
    expect(await elsewhere.locator(".tray").count()).toBe(0);
  });

  test("a link that leads nowhere says so", async () => {
    const link = new URL(await newLink());
    link.searchParams.set("invite", "fmi_wrong");
    const page = await goIn(link.href, "Nobody");
    await page.getByRole("heading", { name: "This link leads nowhere" }).waitFor();
    await button(page, "To the start").click();
    await button(page, "Sign in").waitFor();
  });
});
