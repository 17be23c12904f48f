import { certifyCommand } from './certify.ts';
import { cancelCommand, pauseCommand, resumeCommand } from './change-campaign.ts';
import type { CommandDefinition } from './command-definition.ts';
import { confirmCommand } from './confirm.ts';
import { costCommand } from './cost.ts';
import { doctorCommand } from './doctor.ts';
import { downCommand } from './down.ts';
import { exportCommand } from './export.ts';
import { journalCommand } from './journal.ts';
import { leaderboardCommand } from './leaderboard.ts';
import { noiseCommand } from './noise.ts';
import { replayCommand } from './replay.ts';
import { reportCommand } from './report.ts';
import { rescoreCommand } from './rescore.ts';
import { runCommand } from './run.ts';
import { showCommand } from './show.ts';
import { statusCommand } from './status.ts';
import { trainCommand } from './train.ts';
import { treeCommand } from './tree.ts';
import { upCommand } from './up.ts';
import { watchCommand } from './watch.ts';

/** Every command of `asi`, in the order of its help. */
export const commands: readonly CommandDefinition[] = [
  runCommand,
  upCommand,
  downCommand,
  statusCommand,
  watchCommand,
  pauseCommand,
  resumeCommand,
  cancelCommand,
  leaderboardCommand,
  confirmCommand,
  noiseCommand,
  costCommand,
  showCommand,
  treeCommand,
  journalCommand,
  reportCommand,
  exportCommand,
  rescoreCommand,
  replayCommand,
  certifyCommand,
  trainCommand,
  doctorCommand,
];
