// From what one studio does in a month to what is asked of machines and services. Units are measured; docs/scale.md says where.

/** The studio's month of docs/crons.md, and what its visitors look at: a guess to be replaced by one's own numbers. */
export const studioMonth = {
  uploads: 1980,
  megabytes: 4,
  /** Smaller copies that are made of each. */
  copies: 10,
  storedGB: 24,
  views: 20_000,
  viewMegabytes: 0.2,
  pages: 3000,
  callHours: 60,
  callMinutes: 10,
  /** Of the calls, those that need a relay. */
  relayed: 0.2,
};

export const units = {
  idleExecutions: 2434,
  /** Beside the idle ones, and without the processing of media: 3,310 - 2,434 - 0.35 × 1,980. */
  executionsOfStudio: 183,
  /** Every slot of every job that runs only when there is work, beyond its idle ones. */
  mostJobExecutions: 66_000,
  executionsOfUpload: 0.35,
  /** A PUT of public media and its copy. */
  classAOfUpload: 2,
  classBOfUpload: 1,
  apiCallsOfUpload: 2,
  apiCallsOfPage: 3,
  /** Two cores did 740 calls a second, with database, store and load on them. */
  cpuMsOfApiCall: 2000 / 740,
  cpuMsOfCall: 22.4,
  /** All ten copies of a photo of twelve megapixels; of the 13.8 s, 7.9 are the widest AVIF. */
  cpuSecondsOfPhoto: 13.8,
  messagesOfCall: 20,
  /** 1 Mbit/s to each of two. */
  mediaGBOfCallHour: 0.9,
  /** Of the busiest hour, beside the month's mean. */
  peak: 5,
};

const monthSeconds = 30 * 86_400;

/** @returns what all of them ask for in thirty days */
export function amountsOf(studios, use) {
  const of = (each) => studios * each;
  const uploads = of(use.uploads);
  const calls = of((use.callHours * 60) / use.callMinutes);
  const apiCalls = uploads * units.apiCallsOfUpload + of(use.pages) * units.apiCallsOfPage;
  const messages = calls * units.messagesOfCall;
  const cpuMs = apiCalls * units.cpuMsOfApiCall + calls * units.cpuMsOfCall;
  const mediaGB = of(use.callHours) * units.mediaGBOfCallHour;
  const views = of(use.views);
  return {
    studios,
    uploads,
    storedGB: of(use.storedGB),
    uploadedGB: (uploads * use.megabytes) / 1000,
    servedGB: (views * use.viewMegabytes) / 1000,
    classA: uploads * (units.classAOfUpload + use.copies),
    classB: uploads * units.classBOfUpload + views,
    executions:
      units.idleExecutions +
      Math.min(of(units.executionsOfStudio), units.mostJobExecutions) +
      uploads * units.executionsOfUpload,
    apiCalls,
    messages,
    /** Where a file's reading and each reader's look at a message are calls, too. */
    functionCalls: apiCalls + uploads + views + messages * 3,
    coresAtPeak: (cpuMs / 1000 / monthSeconds) * units.peak,
    /** It waits for its turn: the month's mean does. */
    coresForPictures: (uploads * units.cpuSecondsOfPhoto) / monthSeconds,
    relayGB: mediaGB * use.relayed,
    participantMinutes: of(use.callHours) * 60 * 2,
    mediaGB,
  };
}
