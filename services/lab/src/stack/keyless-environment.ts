const system =
  'PATH|HOME|TMPDIR|USER|LOGNAME|LANG|LC_[A-Z]+|TZ|NODE_[A-Z_]+|ASI_(?:HOME|TOOLCHAIN|LOG_LEVEL|SUPERVISED|PULSE|STACK_FILE)';
const names = {
  runner: new RegExp(`^(?:${system}|CUDA_[A-Z_]+|ASI_(?:RUNNER_[A-Z_]+|NULL_[A-Z_]+|PYTHON|TRAINER_PATH|LAUNCHER))$`),
  role: new RegExp(
    `^(?:${system}|ASI_(?:RUNNER_URL|INSTANCE|LEASE_SECONDS|DATABASE|DASHBOARD_[A-Z_]+|CRASH_AT|RECORD_HISTORIES))$`,
  ),
};

/**
 * What a process that asks no language model reads of an environment: a runner and its launcher, which start programs
 * nobody vouches for, or a role. All else stays away from it: any variable may hold a key (`apiKeyVariable` of a campaign file).
 */
export const keylessEnvironment = (environment: NodeJS.ProcessEnv, kind: keyof typeof names): Record<string, string> =>
  Object.fromEntries(
    Object.entries(environment).filter(
      (entry): entry is [string, string] => names[kind].test(entry[0]) && entry[1] !== undefined,
    ),
  );
