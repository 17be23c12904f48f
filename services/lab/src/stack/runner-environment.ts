const names =
  /^(PATH|HOME|TMPDIR|USER|LOGNAME|LANG|LC_[A-Z]+|TZ|NODE_[A-Z_]+|CUDA_[A-Z_]+|ASI_(RUNNER_[A-Z_]+|NULL_[A-Z_]+|HOME|TOOLCHAIN|PYTHON|TRAINER_PATH|LAUNCHER|LOG_LEVEL|SUPERVISED))$/;

/**
 * What a runner and its launcher read of an environment. All else stays away from a process that starts programs nobody
 * vouches for: any variable may hold a key (`apiKeyVariable` of a campaign file).
 */
export const runnerEnvironment = (environment: NodeJS.ProcessEnv): Record<string, string> =>
  Object.fromEntries(
    Object.entries(environment).filter(
      (entry): entry is [string, string] => names.test(entry[0]) && entry[1] !== undefined,
    ),
  );
