import { backup } from "./backup/backup";
import { restore } from "./backup/restore";
import type { Ground } from "./command";
import { importConvex } from "./convex/import-convex";
import { cronsHistory } from "./crons/crons-history";
import { cronsList } from "./crons/crons-list";
import { cronsPause, cronsResume } from "./crons/crons-pause";
import { cronsRun } from "./crons/crons-run";
import { cronsShow } from "./crons/crons-show";
import { mediaExport } from "./media/media-export";
import { mediaReindex } from "./media/media-reindex";
import type { CommandLine } from "./program";
import { storageAdopt } from "./storage/storage-adopt";
import { storageStatus } from "./storage/storage-status";
import { storageSweep } from "./storage/storage-sweep";

const ofServers = [
  cronsList,
  cronsRun,
  cronsPause,
  cronsResume,
  cronsHistory,
  cronsShow,
  mediaReindex,
  mediaExport,
  storageStatus,
  storageAdopt,
  storageSweep,
];

/** What every Fermata has, whoever's it is. */
export function addCommonCommands(
  line: CommandLine,
  ground: Ground,
  /** Where files come in, whose they will be. */
  { importer = ground }: { importer?: Ground } = {},
): void {
  for (const command of ofServers) line.addCommand(ground, command);
  line.addCommand(importer, importConvex);
  for (const command of [backup, restore]) line.addDataCommand(ground, command);
}
